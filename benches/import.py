#!/usr/bin/env python3
"""Time and peak memory of importing a large export of WordPress.

    benches/import.py target/release/pressroom 1000

writes an export of so many megabytes (posts of blocks and of classic HTML in turns, with meta,
comments, tags and pictures), imports it into a new folder, and once more into the same folder.
The folders lie in /dev/shm if there is room, so that the disk is not what is measured.
"""

import argparse
import os
import random
import shutil
import subprocess
import tempfile
import time

HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="http://wordpress.org/export/1.2/">
<channel>
<title>A large archive</title>
<link>https://archive.example</link>
<description>Made to be measured</description>
<language>en-GB</language>
<wp:wxr_version>1.2</wp:wxr_version>
<wp:base_site_url>https://archive.example</wp:base_site_url>
<wp:base_blog_url>https://archive.example</wp:base_blog_url>
"""
WORDS = (
    "harbour tide bridge ferry fare council budget archive paper street market winter summer quay"
    " captain timetable letter reader editor column paragraph picture number report minute question"
    " answer vote plan the a of and to in for with from under over between after before because"
).split()
META = ["_edit_last", "_edit_lock", "_encloseme", "_wp_page_template", "_yoast_wpseo_metadesc", "views"]


def words(rng, count):
    return " ".join(rng.choices(WORDS, k=count))


def sentence(rng):
    return words(rng, rng.randint(8, 20)).capitalize() + "."


def paragraph(rng, number):
    text = " ".join(sentence(rng) for _ in range(rng.randint(2, 5)))
    other = rng.randint(1, max(1, number))
    return (
        f"{text} <strong>{words(rng, 2)}</strong>, <em>{words(rng, 3)}</em> and "
        f'<a href="https://archive.example/?p={other}">{words(rng, 3)}</a>.'
    )


def blocks(rng, number):
    parts = []
    for at in range(rng.randint(6, 14)):
        kind = rng.random()
        if kind < 0.75 or at == 0:
            parts.append(f"<!-- wp:paragraph -->\n<p>{paragraph(rng, number)}</p>\n<!-- /wp:paragraph -->")
        elif kind < 0.85:
            parts.append(f"<!-- wp:heading -->\n<h2>{words(rng, 4)}</h2>\n<!-- /wp:heading -->")
        elif kind < 0.93:
            items = "".join(
                f"<!-- wp:list-item -->\n<li>{sentence(rng)}</li>\n<!-- /wp:list-item -->" for _ in range(4)
            )
            parts.append(f"<!-- wp:list -->\n<ul>{items}</ul>\n<!-- /wp:list -->")
        else:
            parts.append(
                '<!-- wp:image -->\n<figure class="wp-block-image"><img '
                f'src="https://archive.example/wp-content/uploads/2019/05/{number}.jpg" alt="{words(rng, 4)}"/>'
                f"<figcaption>{sentence(rng)}</figcaption></figure>\n<!-- /wp:image -->"
            )
    return "\n\n".join(parts)


def classic(rng, number):
    parts = [paragraph(rng, number) for _ in range(rng.randint(6, 12))]
    if rng.random() < 0.1:
        parts.insert(3, '[contact-form-7 id="7" title="Write"]')
    return "\n\n".join(parts)


def comment(rng, number, at):
    return (
        f"<wp:comment><wp:comment_id>{number}{at}</wp:comment_id>"
        f"<wp:comment_author><![CDATA[Reader {rng.randint(1, 999)}]]></wp:comment_author>"
        "<wp:comment_author_email><![CDATA[reader@reader.example]]></wp:comment_author_email>"
        "<wp:comment_author_url></wp:comment_author_url><wp:comment_author_IP>192.0.2.1</wp:comment_author_IP>"
        f"<wp:comment_date>2019-06-0{at + 1} 10:00:00</wp:comment_date>"
        f"<wp:comment_date_gmt>2019-06-0{at + 1} 09:00:00</wp:comment_date_gmt>"
        f"<wp:comment_content><![CDATA[{sentence(rng)}\n\n{sentence(rng)}]]></wp:comment_content>"
        "<wp:comment_approved>1</wp:comment_approved><wp:comment_type>comment</wp:comment_type>"
        f"<wp:comment_parent>0</wp:comment_parent><wp:comment_user_id>0</wp:comment_user_id></wp:comment>\n"
    )


def post(rng, number):
    day = f"{2005 + number % 15}-{number % 12 + 1:02}-{number % 28 + 1:02}"
    body = blocks(rng, number) if number % 2 else classic(rng, number)
    slug = f"{words(rng, 3).replace(' ', '-')}-{number}"
    meta = "".join(
        f"<wp:postmeta><wp:meta_key><![CDATA[{key}]]></wp:meta_key>"
        f"<wp:meta_value><![CDATA[{words(rng, 6)}]]></wp:meta_value></wp:postmeta>\n"
        for key in META
    )
    terms = "".join(
        f'<category domain="post_tag" nicename="tag-{tag}"><![CDATA[Tag {tag}]]></category>\n'
        for tag in rng.sample(range(300), 3)
    )
    section = rng.randint(1, 12)
    comments = "".join(comment(rng, number, at) for at in range(rng.choice([0, 0, 1, 3])))
    return (
        f"<item><title><![CDATA[{words(rng, 6).capitalize()}]]></title>\n"
        f"<link>https://archive.example/{day.replace('-', '/')}/{slug}/</link>\n"
        f"<pubDate>x</pubDate><dc:creator>desk-{number % 9}</dc:creator>"
        f'<guid isPermaLink="false">https://archive.example/?p={number}</guid><description></description>\n'
        f"<content:encoded><![CDATA[{body}]]></content:encoded>\n"
        f"<excerpt:encoded><![CDATA[{sentence(rng)}]]></excerpt:encoded>\n"
        f"<wp:post_id>{number}</wp:post_id><wp:post_date>{day} 10:00:00</wp:post_date>"
        f"<wp:post_date_gmt>{day} 09:00:00</wp:post_date_gmt><wp:post_modified>{day} 10:00:00</wp:post_modified>"
        f"<wp:post_modified_gmt>{day} 09:00:00</wp:post_modified_gmt><wp:post_name>{slug}</wp:post_name>"
        "<wp:status>publish</wp:status><wp:post_parent>0</wp:post_parent><wp:menu_order>0</wp:menu_order>"
        "<wp:post_type>post</wp:post_type><wp:post_password></wp:post_password><wp:is_sticky>0</wp:is_sticky>\n"
        f'<category domain="category" nicename="section-{section}"><![CDATA[Section {section}]]></category>\n'
        f"{terms}{meta}{comments}</item>\n"
    )


def export(path, megabytes):
    """Writes an export, and says how many posts are in it."""
    rng = random.Random(1)
    number = size = 0
    with open(path, "w", encoding="utf-8") as file:
        file.write(HEAD)
        while size < megabytes * 1_000_000:
            number += 1
            item = post(rng, number)
            size += len(item)
            file.write(item)
        file.write("</channel>\n</rss>\n")
    return number


def measure(command):
    """Seconds of the clock and of the processor, and the peak memory in MiB."""
    started = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as child:
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - started
    if child.returncode != 0:
        raise SystemExit(f"{command} failed")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("megabytes", type=int)
    parser.add_argument("--folder", help="where to work, instead of /dev/shm")
    arguments = parser.parse_args()
    shared = "/dev/shm" if os.path.isdir("/dev/shm") else None
    folder = tempfile.mkdtemp(prefix="import-", dir=arguments.folder or shared)
    try:
        source = os.path.join(folder, "export.xml")
        posts = export(source, arguments.megabytes)
        print(f"{posts:,} posts, {os.path.getsize(source) / 1e6:,.0f} MB")
        command = [arguments.binary, "import", "wordpress", source, os.path.join(folder, "site")]
        for name in ("imported", "imported again"):
            wall, cpu, memory = measure(command)
            print(f"{name:<16}{wall:8.1f} s wall {cpu:8.1f} s CPU {memory:8.0f} MiB")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
