//! What a look at a whole site finds that no build has to know: pages that are no HTML, links of
//! pages that lead nowhere, old URLs that nobody answers, pages of other sites that are gone.
//!
//! In: a resolved site, its pages as they are published, a list of old URLs. Out: diagnostics, and
//! counts for a summary. `pressroom check` is the only one who asks.

mod external;
mod html;
mod junit;
mod lists;
mod pages;
mod texts;
mod urls;

pub use external::{External, Kept};
pub use junit::junit;
pub use lists::list_text;
pub use pages::{Pages, Sources};
pub use texts::texts;
pub use urls::{Answered, answered};
