//! Users belong to an authority: who sees, writes and removes which.

use super::object::User;
use super::{Content, Draft, Kind, Reason};
use crate::oiosaml::Cvr;
use std::collections::{BTreeMap, BTreeSet};

/// Whose users somebody acts on: those of one authority, or everybody's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope(Option<Cvr>);

/// Bytes that the users of one authority may take up: what a few hundred thousand with five claims each need.
const MAX_BYTES: usize = 64 * 1024 * 1024;

impl Scope {
    /// Of one authority; none for whoever administers the hub.
    pub fn of(authority: Option<Cvr>) -> Self {
        Self(authority)
    }

    /// Its users, in the order of registration.
    pub fn users<'c>(&'c self, content: &'c Content) -> impl Iterator<Item = User> + 'c {
        content
            .of(Kind::User)
            .filter(|(key, _)| self.holds(key))
            .filter_map(|(_, text)| serde_json::from_str(text).ok())
    }

    /// Its users of an id: each authority may have one.
    pub fn named(&self, content: &Content, id: &str) -> Vec<User> {
        let authorities: BTreeSet<Cvr> = match &self.0 {
            Some(own) => [own.clone()].into(),
            None => {
                let keys = content.of(Kind::User);
                keys.filter_map(|(key, _)| key.split_once('/'))
                    .filter(|(_, known)| *known == id)
                    .filter_map(|(cvr, _)| Cvr::parse(cvr))
                    .collect()
            }
        };
        let users = authorities.iter();
        users
            .filter_map(|authority| content.get::<User>(&User::key(authority, id)))
            .collect()
    }

    /// Registers users, each whole; `rebuild` removes all others of the scope. Who acts for one authority cannot write
    /// another's.
    pub fn put(
        &self,
        draft: &mut Draft<'_>,
        mut users: Vec<User>,
        rebuild: bool,
    ) -> Result<(), Vec<Reason>> {
        let mut reasons = Vec::new();
        let mut keys = BTreeSet::new();
        for user in &users {
            let foreign = self.0.as_ref().filter(|own| **own != user.authority);
            if let Some(own) = foreign {
                reasons.push(Reason::new(
                    format!(
                        "Authority: skal være klientcertifikatets, {own}, og er {} ({})",
                        user.authority, user.id
                    ),
                    format!(
                        "Authority: must be that of the client certificate, {own}, and is {} ({})",
                        user.authority, user.id
                    ),
                ));
            }
            if !keys.insert(User::key(&user.authority, &user.id)) {
                reasons.push(Reason::new(
                    format!("Id: {} står der to gange for {}", user.id, user.authority),
                    format!("Id: {} is there twice of {}", user.id, user.authority),
                ));
            }
        }
        if !reasons.is_empty() {
            return Err(reasons);
        }
        if rebuild {
            draft.retain(Kind::User, |key| !self.holds(key) || keys.contains(key));
        }
        let now = draft.now();
        for user in &mut users {
            user.modified_date = Some(now);
            draft.put(user)?;
        }
        too_many(draft.content(), &users)
    }

    fn holds(&self, key: &str) -> bool {
        let of = key.split_once('/').map(|(authority, _)| authority);
        self.0.as_ref().is_none_or(|own| of == Some(own.as_str()))
    }
}

/// Whatever somebody can lengthen draws from a budget.
fn too_many(content: &Content, users: &[User]) -> Result<(), Vec<Reason>> {
    let mut sizes: BTreeMap<&str, usize> = (users.iter())
        .map(|user| (user.authority.as_str(), 0))
        .collect();
    for (key, text) in content.of(Kind::User) {
        if let Some((authority, _)) = key.split_once('/')
            && let Some(size) = sizes.get_mut(authority)
        {
            *size += key.len() + text.len();
        }
    }
    let over = sizes.into_iter().filter(|(_, size)| *size > MAX_BYTES);
    let reasons: Vec<Reason> = over
        .map(|(authority, _)| {
            Reason::new(
                format!("{authority}: brugerne fylder mere end {MAX_BYTES} bytes"),
                format!("{authority}: the users take up more than {MAX_BYTES} bytes"),
            )
        })
        .collect();
    match reasons.is_empty() {
        true => Ok(()),
        false => Err(reasons),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Judge;
    use super::super::object::read;
    use super::*;
    use serde_json::json;
    use time::OffsetDateTime;

    const A: &str = "11111111";
    const B: &str = "22222222";

    fn scope(cvr: &str) -> Scope {
        Scope::of(Cvr::parse(cvr))
    }

    fn user(authority: &str, id: &str) -> User {
        let old = "2001-01-01T00:00:00Z";
        read(json!({ "Authority": authority, "Id": id, "ModifiedDate": old, "Claims": [{ "Key": "k", "Value": "v" }] })).unwrap()
    }

    fn keys(draft: &Draft<'_>) -> Vec<String> {
        let all = draft.content().ids(Kind::User).into_iter();
        all.map(str::to_owned).collect()
    }

    #[test]
    fn an_authority_sees_and_writes_its_own_and_whoever_administers_all() {
        let judge = Judge::default();
        let now = OffsetDateTime::UNIX_EPOCH;
        let mut draft = Draft::new(Content::default(), &judge, now);
        let all = Scope::of(None);
        let users = vec![user(A, "1"), user(B, "1"), user(A, "2")];
        all.put(&mut draft, users, false).unwrap();
        let seen = |scope: &Scope, draft: &Draft<'_>| scope.users(draft.content()).count();
        assert_eq!((seen(&all, &draft), seen(&scope(A), &draft)), (3, 2));
        let named = |scope: Scope, draft: &Draft<'_>| scope.named(draft.content(), "1").len();
        assert_eq!(
            (named(all.clone(), &draft), named(scope(B), &draft)),
            (2, 1)
        );
        let ours = scope(A).named(draft.content(), "1");
        assert_eq!(
            ours[0].modified_date,
            Some(now),
            "the server's, not the body's"
        );

        let foreign = scope(A).put(
            &mut draft,
            vec![user(B, "3"), user(A, "4"), user(A, "4")],
            false,
        );
        assert_eq!(foreign.unwrap_err().len(), 2);
        scope(A)
            .put(&mut draft, vec![user(A, "2"), user(A, "5")], true)
            .unwrap();
        assert_eq!(keys(&draft), ["22222222/1", "11111111/2", "11111111/5"]);
        all.put(&mut draft, vec![user(B, "6")], true).unwrap();
        assert_eq!(keys(&draft), ["22222222/6"]);
        // Each that is gone is gone from the store too.
        let (_, writes) = draft.finish();
        let gone = writes.iter().filter(|write| write.body.is_none()).count();
        assert_eq!((writes.len(), gone), (5, 4));
    }
}
