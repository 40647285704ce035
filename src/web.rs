//! The one place that asks other servers.

use std::io::Read;
use std::time::Duration;

/// How long an answer may take, redirects and all.
const PATIENCE: Duration = Duration::from_secs(20);

/// Redirects that are followed for one question.
const MOST_REDIRECTS: u32 = 10;

/// How a page is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Only what stands above a page.
    Head,
    /// The page.
    Get,
}

/// Asks servers. Proxies are those of the environment (`HTTPS_PROXY` and the like).
pub struct Web(ureq::Agent);

impl Default for Web {
    fn default() -> Self {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .max_redirects(MOST_REDIRECTS)
            .http_status_as_error(false)
            .user_agent(concat!("Pressroom/", env!("CARGO_PKG_VERSION")))
            .build();
        Self(config.into())
    }
}

impl Web {
    /// The status that a page answers with, after redirects. The error says why there is none.
    pub fn status(&self, method: Method, url: &str) -> Result<u16, String> {
        let asked = match method {
            Method::Head => self.0.head(url).call(),
            Method::Get => self.0.get(url).call(),
        };
        let answer = asked.map_err(|error| error.to_string())?;
        Ok(answer.status().as_u16())
    }

    /// What is at a URL, if that is no more than so many bytes. The error says why it is not to be had.
    pub fn download(&self, url: &str, most: u64) -> Result<Vec<u8>, String> {
        let mut answer = self.0.get(url).call().map_err(|error| error.to_string())?;
        let status = answer.status().as_u16();
        if status != 200 {
            return Err(format!("the server answers with {status}"));
        }
        let mut bytes = Vec::new();
        let reader = answer.body_mut().as_reader();
        let read = reader.take(most + 1).read_to_end(&mut bytes);
        read.map_err(|error| error.to_string())?;
        if bytes.len() as u64 > most {
            return Err(format!("it is larger than {most} bytes"));
        }
        Ok(bytes)
    }
}
