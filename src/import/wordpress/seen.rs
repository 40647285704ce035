//! What is kept of an item while the whole export is read for the first time.
//!
//! In: an [`Item`]. Out: [`Seen`], a small part of it: its numbers and addresses, and what other items
//! may ask it for.

use percent_encoding::percent_decode_str;

use super::dates;
use super::item::{Channel, Item, Term};
use crate::import::html::plain_text;
use crate::model::slugify;

/// What an item is to Pressroom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Post,
    Page,
    /// A text of a type that a plugin or theme made.
    Custom,
    Attachment,
    /// An entry of a menu.
    MenuEntry,
    /// A menu of blocks.
    Navigation,
    /// A block that several texts use.
    Block,
    /// What WordPress or a plugin keeps for itself.
    Internal,
    /// In the bin, or begun and never written.
    Discarded,
}

impl Kind {
    /// Whether it becomes an article.
    pub fn is_article(self) -> bool {
        matches!(self, Self::Post | Self::Page | Self::Custom)
    }
}

/// Whether readers saw it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Published,
    /// It is published when its date has come.
    Scheduled,
    Draft,
    /// It was shown to some and not to all: privately, or for a password.
    Private,
}

/// An entry of a menu.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct MenuEntry {
    /// Where it stands: the number of the export, and the line.
    pub export: u32,
    pub line: u32,
    pub menu: String,
    pub title: String,
    pub order: i64,
    pub is_below: bool,
    /// `post_type`, `taxonomy` or `custom`.
    pub kind: String,
    /// Which taxonomy.
    pub object: String,
    pub object_id: u64,
    pub url: String,
}

/// What is kept of an attachment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Attachment {
    /// The address of the file.
    pub url: String,
    pub alt: String,
    pub caption: String,
}

/// What the address of an item was made of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Old {
    /// Its last part now, and before.
    pub name: String,
    pub names: Vec<String>,
    /// Its day now, and before: `2020-01-31`.
    pub day: String,
    pub days: Vec<String>,
}

/// A small part of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seen {
    pub id: u64,
    pub line: u32,
    pub kind: Kind,
    pub type_name: String,
    pub status: Status,
    pub parent: u64,
    pub order: i64,
    pub slug: String,
    pub title: String,
    pub link: String,
    /// What else its address was once.
    pub old: Old,
    /// Year and month, in figures, of an article that has a date and is published.
    pub month: Option<(i16, i8)>,
    /// Nicename and name of the category that is its section.
    pub section: Option<(String, String)>,
    /// Nicenames and names of the other categories and of the tags of an article that is published.
    pub categories: Vec<(String, String)>,
    pub tags: Vec<(String, String)>,
    pub author: String,
    /// How far its clock was from UTC, in minutes.
    pub offset: Option<i64>,
    pub attachment: Option<Attachment>,
    pub menu_entry: Option<MenuEntry>,
    /// The content of a block or menu of blocks.
    pub content: String,
}

/// Types that WordPress and well-known plugins keep for themselves.
const INTERNAL: [&str; 32] = [
    "revision",
    "custom_css",
    "customize_changeset",
    "oembed_cache",
    "user_request",
    "wp_global_styles",
    "wp_template",
    "wp_template_part",
    "wp_font_family",
    "wp_font_face",
    "acf-field",
    "acf-field-group",
    "acf-post-type",
    "acf-taxonomy",
    "wpcf7_contact_form",
    "wpforms",
    "mc4wp-form",
    "elementor_library",
    "jp_pay_order",
    "jp_pay_product",
    "feedback",
    "shop_order",
    "shop_order_refund",
    "shop_coupon",
    "scheduled-action",
    "amp_validated_url",
    "ngg_gallery",
    "ngg_pictures",
    "display_type",
    "tablepress_table",
    "spectra-popup",
    "mailpoet_page",
];

/// What an item is.
pub(super) fn kind(item: &Item) -> Kind {
    let is_empty = item.content.trim().is_empty() && item.excerpt.trim().is_empty();
    if item.status == "trash" || (item.status == "auto-draft" && is_empty) {
        return Kind::Discarded;
    }
    match &*item.kind {
        "post" | "" => Kind::Post,
        "page" => Kind::Page,
        "attachment" => Kind::Attachment,
        "nav_menu_item" => Kind::MenuEntry,
        "wp_navigation" => Kind::Navigation,
        "wp_block" => Kind::Block,
        kind if INTERNAL.contains(&kind) || kind.starts_with("wp_") || kind.starts_with('_') => {
            Kind::Internal
        }
        _ if is_empty || item.status == "inherit" => Kind::Internal,
        _ => Kind::Custom,
    }
}

/// Whether readers saw an item.
pub(super) fn status(item: &Item) -> Status {
    match &*item.status {
        _ if !item.password.is_empty() => Status::Private,
        "publish" | "inherit" | "" => Status::Published,
        "future" => Status::Scheduled,
        "private" => Status::Private,
        _ => Status::Draft,
    }
}

impl Seen {
    pub fn of(item: &Item, channel: &Channel) -> Self {
        let kind = kind(item);
        let status = status(item);
        let is_shown = kind.is_article() && matches!(status, Status::Published | Status::Scheduled);
        let section = section(item, channel).map(pair);
        let terms = |domains: &[&str]| -> Vec<(String, String)> {
            let terms = item.terms_of(domains).filter(|_| is_shown);
            terms.map(pair).collect()
        };
        let mut categories = terms(&CATEGORIES);
        categories.retain(|category| Some(category) != section.as_ref());
        let has_title = kind.is_article() || kind == Kind::MenuEntry;
        let has_content = matches!(kind, Kind::Block | Kind::Navigation);
        Self {
            id: item.id,
            line: item.line,
            kind,
            type_name: if matches!(kind, Kind::Custom | Kind::Internal) {
                item.kind.to_string()
            } else {
                String::new()
            },
            status,
            parent: item.parent,
            order: item.order,
            slug: if kind.is_article() {
                slug(item)
            } else {
                String::new()
            },
            title: if has_title {
                plain_text(&item.title)
            } else {
                String::new()
            },
            link: item.link.trim().to_owned(),
            old: if kind.is_article() {
                old(item)
            } else {
                Old::default()
            },
            month: if matches!(kind, Kind::Post | Kind::Custom) && status == Status::Published {
                dates::month(&item.date, &item.date_gmt)
            } else {
                None
            },
            categories,
            tags: terms(&TAGS),
            section: if kind == Kind::Post { section } else { None },
            author: if is_shown && kind != Kind::Page {
                item.creator.trim().to_owned()
            } else {
                String::new()
            },
            offset: if is_shown {
                dates::offset(&item.date, &item.date_gmt)
            } else {
                None
            },
            attachment: (kind == Kind::Attachment).then(|| attachment(item)),
            menu_entry: (kind == Kind::MenuEntry).then(|| menu_entry(item)),
            content: if has_content {
                item.content.to_string()
            } else {
                String::new()
            },
        }
    }
}

/// The names that versions of the format have for categories and tags.
pub(super) const CATEGORIES: [&str; 1] = ["category"];
pub(super) const TAGS: [&str; 2] = ["post_tag", "tag"];

/// The category that is the section of a post: the one that its editors made its first, or that comes
/// first.
pub(super) fn section<'s>(item: &'s Item, channel: &Channel) -> Option<&'s Term<'s>> {
    let first = item.meta("_yoast_wpseo_primary_category");
    let first = first.and_then(|id| channel.categories.iter().find(|category| category.id == id));
    let is_first = |term: &&Term| first.is_some_and(|first| first.nicename == term.nicename);
    let is_some = |term: &&Term| term.nicename != "uncategorized";
    let mut terms = item.terms_of(&CATEGORIES);
    let chosen = terms.find(is_first);
    chosen.or_else(|| item.terms_of(&CATEGORIES).find(is_some))
}

pub(super) fn pair(term: &Term) -> (String, String) {
    (term.nicename.clone(), plain_text(&term.name))
}

/// What an item's file is named after.
fn slug(item: &Item) -> String {
    let decoded = percent_decode_str(item.name.trim()).decode_utf8_lossy();
    let name = if decoded.is_empty() {
        plain_text(&item.title).into()
    } else {
        decoded
    };
    let name = slugify(&name).to_string().replace('.', "-");
    // Files of these names are something else.
    match name.as_str() {
        "index" | "_index" => format!("{name}-page").trim_start_matches('_').to_owned(),
        _ => name,
    }
}

fn old(item: &Item) -> Old {
    let all = |key: &str| item.metas(key).map(str::to_owned).collect();
    Old {
        name: item.name.trim().to_owned(),
        names: all("_wp_old_slug"),
        day: dates::day(&item.date).to_owned(),
        days: all("_wp_old_date"),
    }
}

fn attachment(item: &Item) -> Attachment {
    Attachment {
        url: item.attachment_url.trim().to_owned(),
        alt: plain_text(item.meta("_wp_attachment_image_alt").unwrap_or_default()),
        caption: plain_text(&item.excerpt),
    }
}

fn menu_entry(item: &Item) -> MenuEntry {
    let meta = |key: &str| item.meta(key).unwrap_or_default().to_owned();
    let menu = item.terms_of(&["nav_menu"]).next();
    MenuEntry {
        export: 0,
        line: item.line,
        menu: menu.map(|menu| menu.nicename.clone()).unwrap_or_default(),
        title: plain_text(&item.title),
        order: item.order,
        is_below: !["", "0"].contains(&meta("_menu_item_menu_item_parent").as_str()),
        kind: meta("_menu_item_type"),
        object: meta("_menu_item_object"),
        object_id: meta("_menu_item_object_id").parse().unwrap_or(0),
        url: meta("_menu_item_url"),
    }
}
