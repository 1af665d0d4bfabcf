//! `GET /Users/.filter`: users in pages, with the claims that were asked for.

use super::answer;
use super::arrive::Caller;
use super::users::scope;
use crate::edge::app::App;
use crate::registry::Reason;
use crate::registry::object::User;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use serde::Serialize;
use std::sync::Arc;

/// `PageInfoResponse`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Page {
    total_results: usize,
    page_index: usize,
    page_size: usize,
    sort_by: &'static str,
    sort_order: &'static str,
    resources: Vec<User>,
}

/// What the query asks for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Asked {
    /// Types of claims; “if the parameter is missing, no claims will be returned”.
    select: Vec<String>,
    /// Number and size of the page, counted from 0; none: all users.
    page: Option<(usize, usize)>,
}

pub async fn show(
    State(app): State<Arc<App>>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Response {
    let asked = match Asked::read(query.as_deref().unwrap_or_default()) {
        Ok(asked) => asked,
        Err(reasons) => return answer::invalid(reasons),
    };
    let snapshot = app.registry.now();
    let users = scope(&caller).users(&snapshot.content).collect();
    answer::object(&asked.page(users))
}

impl Asked {
    fn read(query: &str) -> Result<Self, Vec<Reason>> {
        let mut reasons = Vec::new();
        let (mut select, mut size, mut index) = (None, None, None);
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            // The real hub's web server does not tell upper case from lower in these names.
            let place = match name.to_ascii_lowercase().as_str() {
                "$select" => &mut select,
                "pagesize" => &mut size,
                "pageindex" => &mut index,
                _ => {
                    reasons.push(Reason::new(
                        format!("{name}: er ingen af $select, pageSize, pageIndex"),
                        format!("{name}: is none of $select, pageSize, pageIndex"),
                    ));
                    continue;
                }
            };
            if place.replace(value.into_owned()).is_some() {
                reasons.push(Reason::new(
                    format!("{name}: er angivet to gange"),
                    format!("{name}: is given twice"),
                ));
            }
        }
        let page = (size.is_some() || index.is_some()).then(|| {
            let size = number("pageSize", size.as_deref(), 1, &mut reasons);
            let index = number("pageIndex", index.as_deref(), 0, &mut reasons);
            (index, size)
        });
        let select = select.unwrap_or_default();
        let select = select.split(',').map(str::trim);
        match reasons.is_empty() {
            true => Ok(Self {
                select: select.map(str::to_owned).collect(),
                page,
            }),
            false => Err(reasons),
        }
    }

    fn page(&self, mut users: Vec<User>) -> Page {
        // Of the same moment: in the order of registration.
        users.sort_by_key(|user| user.modified_date);
        let total_results = users.len();
        let (page_index, page_size) = self.page.unwrap_or((0, total_results));
        let before = page_index.saturating_mul(page_size);
        let wanted = users.into_iter().skip(before).take(page_size);
        let resources = wanted.map(|mut user| {
            user.claims.retain(|claim| self.select.contains(&claim.key));
            user
        });
        Page {
            total_results,
            page_index,
            page_size,
            sort_by: "ModifiedDate",
            sort_order: "ascending",
            resources: resources.collect(),
        }
    }
}

/// “If only one of both is missing, or it is less than” the least, “the Provisioning Service will return an error.”
fn number(name: &str, given: Option<&str>, least: u32, reasons: &mut Vec<Reason>) -> usize {
    let read = given.and_then(|text| text.parse::<u32>().ok());
    let read = read.filter(|number| *number >= least);
    if let Some(number) = read.and_then(|number| usize::try_from(number).ok()) {
        return number;
    }
    reasons.push(match given {
        Some(text) => Reason::new(
            format!("{name}: skal være et helt tal fra {least} og op, og er {text}"),
            format!("{name}: must be a whole number from {least} up, and is {text}"),
        ),
        None => Reason::new(
            format!("{name}: mangler; angiv både pageSize og pageIndex, eller ingen af dem"),
            format!("{name}: is missing; give both pageSize and pageIndex, or neither"),
        ),
    });
    0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::object::read;
    use serde_json::json;
    use time::OffsetDateTime;

    fn user(id: u8, modified: i64) -> User {
        let claims = json!([{ "Key": "a", "Value": "1" }, { "Key": "b", "Value": "2" }]);
        let user = json!({ "Authority": "11111111", "Id": id.to_string(), "Claims": claims });
        let mut user: User = read(user).unwrap();
        user.modified_date = OffsetDateTime::from_unix_timestamp(modified).ok();
        user
    }

    fn asked(query: &str) -> (usize, String, usize) {
        let users = vec![user(1, 30), user(2, 10), user(3, 20), user(4, 20)];
        let page = Asked::read(query).unwrap().page(users);
        let ids: Vec<String> = page.resources.iter().map(|user| user.id.clone()).collect();
        let claims = page.resources.first().map_or(0, |user| user.claims.len());
        assert_eq!(page.total_results, 4);
        (page.page_size, ids.concat(), claims)
    }

    #[test]
    fn pages_are_counted_from_0_and_sorted_by_the_date_of_change() {
        for (query, found) in [
            ("", (4, "2341", 0)),
            ("$select=a", (4, "2341", 1)),
            ("%24select=a,%20b,c", (4, "2341", 2)),
            ("pageSize=2&pageIndex=0", (2, "23", 0)),
            ("pageindex=1&PAGESIZE=3&$select=b", (3, "1", 1)),
            (
                "pageSize=4294967295&pageIndex=4294967295",
                (4_294_967_295, "", 0),
            ),
            ("pageSize=2&pageIndex=2", (2, "", 0)),
        ] {
            let (size, ids, claims) = asked(query);
            assert_eq!((size, ids.as_str(), claims), found, "{query}");
        }
    }

    #[test]
    fn everything_that_is_wrong_with_a_query_is_told() {
        for (query, reasons) in [
            ("pageSize=2", 1),
            ("pageIndex=2", 1),
            ("pageSize=0&pageIndex=-1", 2),
            ("pageSize=x&pageIndex=", 2),
            ("pageSize=1&pageSize=1&pageIndex=0", 1),
            ("size=2", 1),
            ("pageSize=99999999999999999999&pageIndex=0", 1),
        ] {
            let told = Asked::read(query).unwrap_err();
            assert_eq!(told.len(), reasons, "{query}: {told:?}");
        }
    }
}
