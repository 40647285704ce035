//! Where routes come from: what diagnostics say of them.
//!
//! In: a route and the lists that it counts in. Out: who wants it, and the place where a person
//! decided on it.

use super::PictureFile;
use super::routes::{Route, Target};
use super::{AssetOfTheme, Catalogue, LanguageId, Listing, ListingKind};
use crate::diagnostics::Place;

/// What routes are made from.
pub(super) struct Origins<'a> {
    pub site: &'a Catalogue,
    pub listings: &'a [Listing],
    /// The theme's assets.
    pub assets: &'a [AssetOfTheme],
}

impl Origins<'_> {
    fn picture(&self, file: PictureFile) -> &str {
        match file {
            PictureFile::Resource(at) => &self.site.resources[at as usize].path,
            PictureFile::Static(at) => &self.site.statics[at as usize].path,
        }
    }

    /// A page, and in which language it is unless that is the site's own.
    fn in_language(&self, edition: LanguageId, page: &str) -> String {
        match edition {
            LanguageId(0) => page.to_owned(),
            _ => format!("{page} in `{}`", self.site.languages[edition.index()]),
        }
    }

    /// What a route is, for people.
    pub fn describe(&self, route: &Route) -> String {
        let Self {
            site,
            listings,
            assets,
        } = self;
        let file = |path: &str| path.to_owned();
        match &route.target {
            Target::Article(id) => file(&site.articles[id.index()].source),
            Target::SocialCard(id) => {
                format!("the social card of {}", site.articles[id.index()].source)
            }
            Target::Listing { listing, page } => {
                let listing = &listings[*listing as usize];
                let of = match listing.kind {
                    ListingKind::Home => "the home page".to_owned(),
                    ListingKind::Section(at) => {
                        format!("the section content/{}", site.sections[at].name)
                    }
                    ListingKind::Tag(at) => format!("the tag “{}”", site.tags.all[at].label),
                    ListingKind::Author(at) => {
                        format!("the author “{}”", site.authors.all[at].label)
                    }
                    ListingKind::Year(at) => format!("the archive of {}", site.years[at].year),
                    ListingKind::Month(at, within) => {
                        format!(
                            "the archive of {}-{:02}",
                            site.years[at].year, site.years[at].months[within].month
                        )
                    }
                    ListingKind::Related => "the index of related articles".to_owned(),
                };
                let of = self.in_language(listing.edition, &of);
                match listing.pages[*page as usize].number {
                    None => of,
                    Some(number) => format!("page {number} of {of}"),
                }
            }
            Target::Tags => self.in_language(route.language, "the index of tags"),
            Target::Authors => self.in_language(route.language, "the index of authors"),
            Target::Archive => self.in_language(route.language, "the archive"),
            Target::NotFound => file("the page for what is not found"),
            Target::Search { .. } => file("the search"),
            Target::Feed { .. } => file("a feed"),
            Target::RelatedJson => file("related.json"),
            Target::SitemapIndex | Target::SitemapListings | Target::Sitemap(_) => {
                file("the sitemap")
            }
            Target::Robots => file("robots.txt"),
            Target::Manifest => file("the web manifest"),
            Target::Alias { page, .. } => format!("an alias of {}", site.aliased(*page).1),
            Target::Moved(at) => format!("the redirect to {}", site.redirects[*at as usize].to),
            Target::Server(of) => format!("the file for servers {}", of.path()),
            Target::Redirects => file("the table of redirects"),
            Target::Resource(at) => site.resources[*at as usize].path.clone(),
            Target::Static(at) => site.statics[*at as usize].path.clone(),
            Target::Picture { file, variant } => {
                let of = self.picture(*file);
                format!("{of}, {} pixels wide", variant.width)
            }
            Target::Asset(at) => assets[*at as usize].place.file.clone(),
        }
    }

    /// The newest of the articles that a listing is there for.
    pub fn newest(&self, route: &Route) -> Option<Place> {
        let Target::Listing { listing, .. } = route.target else {
            return None;
        };
        let newest = self.listings[listing as usize].articles.first()?;
        Some(Place::file(&*self.site.articles[newest.index()].source))
    }

    /// Where a person decided on a route: the article's file, or the place of `url` or an alias.
    /// `None` for what Pressroom itself decides on.
    pub fn place(&self, route: &Route) -> Option<Place> {
        let site = self.site;
        Some(match &route.target {
            Target::Article(id) | Target::SocialCard(id) => {
                let article = &site.articles[id.index()];
                article.route_position.in_file(&article.source)
            }
            Target::Alias { page, at } => {
                let (page, _) = site.aliased(*page);
                let (_, position) = page.aliases[*at as usize];
                position.in_file(&page.source)
            }
            Target::Moved(at) => site.redirects[*at as usize].place.clone(),
            Target::Listing { listing, page: 0 } => match self.listings[*listing as usize].kind {
                ListingKind::Section(at) => {
                    Place::file(format!("content/{}", site.sections[at].name))
                }
                _ => return None,
            },
            Target::Resource(at) => Place::file(&site.resources[*at as usize].path),
            Target::Static(at) => Place::file(&site.statics[*at as usize].path),
            Target::Picture { file, .. } => Place::file(self.picture(*file)),
            Target::Asset(at) => self.assets[*at as usize].place.clone(),
            _ => return None,
        })
    }
}
