//! A party is connected, or changed: metadata, then what is registered, then what that would do, then save.

use super::Text;
use super::compare::compare;
use super::form::{FormPage, PreviewPage};
use super::metadata::{Offered, entity, offered};
use super::object::{Known, Object, beside};
use super::plan::{Plan, gone, row};
use super::preview::{Facts, judged, news};
use super::role::Role;
use super::typed::Typed;
use crate::edge::app::App;
use crate::edge::page::{self, Text as PageText, when};
use crate::edge::provisioning::Caller;
use crate::hub::identity::path;
use crate::registry::beside::name_for;
use crate::registry::guess::{Guessed, guess};
use crate::registry::object::SamlMetadata;
use crate::registry::{Content, Reason, Refusal};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// The form for a party that is new.
pub async fn new(State(app): State<Arc<App>>, Path(role): Path<String>) -> Response {
    match Role::parse(&role) {
        Some(role) => Desk::of(&app, role, None).form(Typed::default(), Told::default()),
        None => page::not_found().await,
    }
}

/// The form for one that is registered.
pub async fn edit(
    State(app): State<Arc<App>>,
    Path((role, name)): Path<(String, String)>,
) -> Response {
    let Some((role, known)) = found(&app, &role, &name) else {
        return page::not_found().await;
    };
    let mut typed = Typed::default();
    known.fill(&mut typed);
    Desk::of(&app, role, Some(known)).form(typed, Told::default())
}

/// A button of the form for a party that is new.
pub async fn posted(
    State(app): State<Arc<App>>,
    Path(role): Path<String>,
    caller: Caller,
    typed: Result<Typed, StatusCode>,
) -> Response {
    match (Role::parse(&role), typed) {
        (Some(role), Ok(typed)) => Desk::of(&app, role, None).pressed(&caller, typed).await,
        (None, _) => page::not_found().await,
        (_, Err(status)) => page::failed(status),
    }
}

/// A button of the form for one that is registered.
pub async fn posted_to(
    State(app): State<Arc<App>>,
    Path((role, name)): Path<(String, String)>,
    caller: Caller,
    typed: Result<Typed, StatusCode>,
) -> Response {
    match (found(&app, &role, &name), typed) {
        (Some((role, known)), Ok(typed)) => {
            Desk::of(&app, role, Some(known))
                .pressed(&caller, typed)
                .await
        }
        (None, _) => page::not_found().await,
        (_, Err(status)) => page::failed(status),
    }
}

/// The party of an address.
pub fn found(app: &App, role: &str, name: &str) -> Option<(Role, Known)> {
    let role = Role::parse(role)?;
    let known = Known::named(&app.registry.now().content, role, name)?;
    Some((role, known))
}

/// Where one party is worked on.
struct Desk<'a> {
    app: &'a App,
    role: Role,
    known: Option<Known>,
}

/// What the form says beside its fields.
#[derive(Default)]
struct Told {
    reasons: Vec<Reason>,
    guesses: Vec<Reason>,
    conflict: Option<Plan>,
    /// Metadata of the form that is not registered yet.
    document: Option<Arc<[u8]>>,
}

impl Told {
    fn because(reasons: Vec<Reason>) -> Self {
        Self {
            reasons,
            ..Self::default()
        }
    }
}

impl<'a> Desk<'a> {
    fn of(app: &'a App, role: Role, known: Option<Known>) -> Self {
        Self { app, role, known }
    }

    async fn pressed(&self, caller: &Caller, mut typed: Typed) -> Response {
        let now = self.app.clock.now();
        let arrived = offered(self.app, &mut typed, self.known.as_ref(), now).await;
        let document = arrived.as_ref().ok().and_then(|got| got.document.clone());
        match typed.get("action") {
            "next" => return self.next(typed, arrived),
            "edit" => {
                let told = Told {
                    document,
                    ..Told::default()
                };
                return self.form(typed, told);
            }
            _ => {}
        }
        let saves = typed.is("action", "save");
        let plan = match self.plan(&typed, arrived) {
            Ok(plan) => plan,
            Err(reasons) => {
                let told = Told {
                    reasons,
                    document,
                    ..Told::default()
                };
                return self.form(typed, told);
            }
        };
        let made = plan.clone();
        let result = match saves {
            true => {
                let change = self
                    .app
                    .registry
                    .change(&caller.who, now, |draft| made.apply(draft));
                change.await.map(|()| Vec::new())
            }
            false => self.app.registry.would(now, |draft| {
                let id = made.object.id().to_owned();
                made.apply(draft)?;
                let mut parties = draft.content().parties();
                let party = parties.find(|party| party.id() == id);
                Ok(party.map_or_else(Vec::new, |party| party.notes().to_vec()))
            }),
        };
        match result {
            Ok(_) if saves => {
                if plan.fetched.is_some() {
                    // Whatever was known was of another fetch.
                    self.app.metadata.forget(plan.object.id());
                }
                let to = format!("/admin?saved={}", plan.beside.name);
                (StatusCode::SEE_OTHER, [(LOCATION, to)]).into_response()
            }
            Ok(notes) => self.preview(typed, &plan, document, &notes),
            Err(refusal) => self.refused(typed, refusal, plan, document),
        }
    }

    /// From metadata to the whole form, filled with what metadata tells of the party.
    fn next(&self, mut typed: Typed, arrived: Result<Offered, Vec<Reason>>) -> Response {
        let offered = match arrived {
            Ok(offered) => offered,
            Err(reasons) => return self.form(typed, Told::because(reasons)),
        };
        let document = offered.document.clone();
        let read = document
            .as_deref()
            .and_then(|bytes| entity(bytes, wanted(&typed)));
        let guessed = read.and_then(|entity| guess(&entity, &offered.metadata));
        let wrong = |reason: Reason| Told {
            reasons: vec![reason],
            document: document.clone(),
            ..Told::default()
        };
        let Some((guessed, guesses)) = guessed else {
            return self.form(typed, wrong(unreadable()));
        };
        let object = match (guessed, self.role) {
            (Guessed::IdentityProvider(idp), Role::IdentityProvider) => {
                Object::IdentityProvider(*idp)
            }
            (Guessed::System(system), Role::System) => Object::System(*system),
            _ => return self.form(typed, wrong(other_role(self.role))),
        };
        object.fill(&mut typed);
        let host = object
            .id()
            .split_once("://")
            .map_or(object.id(), |(_, rest)| rest);
        let host = host.split(['/', ':']).next().unwrap_or(host);
        if typed.get("title").is_empty() {
            typed.set("title", host);
        }
        let content = self.app.registry.now().content.clone();
        let taken = |name: &str| name == "hub" || is_taken(&content, name);
        typed.set("name", name_for(typed.get("title"), &taken));
        typed.set("step", "2");
        typed.set("generation", "2");
        let told = Told {
            guesses,
            document,
            ..Told::default()
        };
        self.form(typed, told)
    }

    /// The change that a form asks for, or everything that is wrong with the form.
    fn plan(
        &self,
        typed: &Typed,
        arrived: Result<Offered, Vec<Reason>>,
    ) -> Result<Plan, Vec<Reason>> {
        let mut reasons = Vec::new();
        let mut kept = |result: Vec<Reason>| reasons.extend(result);
        let arrived = arrived.map_err(&mut kept).ok();
        let id = match (&self.known, &arrived) {
            (Some(known), _) => Some(known.object.id().to_owned()),
            (None, Some(Offered { document, .. })) => {
                let read = document
                    .as_deref()
                    .and_then(|bytes| entity(bytes, wanted(typed)));
                if read.is_none() {
                    kept(vec![unreadable()]);
                }
                read.map(|entity| entity.entity_id)
            }
            (None, None) => None,
        };
        let object = Object::of(self.role, id.as_deref().unwrap_or("-"), typed);
        let object = object.map_err(&mut kept).ok();
        let beside = beside(self.role, typed, self.known.as_ref());
        let beside = beside.map_err(&mut kept).ok();
        match (arrived, id, object, beside) {
            (Some(arrived), Some(_), Some(object), Some(beside)) => Ok(Plan {
                role: self.role,
                seen: self.known.as_ref().map(|_| typed.get("tag").to_owned()),
                object: object.completed(arrived.metadata, self.known.as_ref()),
                beside,
                fetched: arrived.fetched,
            }),
            _ => Err(reasons),
        }
    }

    fn refused(
        &self,
        mut typed: Typed,
        refusal: Refusal,
        plan: Plan,
        document: Option<Arc<[u8]>>,
    ) -> Response {
        let (reasons, conflict) = match refusal {
            Refusal::Invalid(reasons) | Refusal::Unavailable(reasons) => (reasons, None),
            Refusal::NotFound(reason) => (vec![reason], None),
            Refusal::Conflict(reason) => (vec![reason], Some(plan)),
            Refusal::Store(why) => (
                vec![Reason::new(
                    format!("Lageret tog ikke imod ændringen: {why}"),
                    format!("The store did not take the change: {why}"),
                )],
                None,
            ),
        };
        if conflict.is_some()
            && let Some(known) = &self.known
        {
            // Whoever has seen what is stored now may save over it.
            typed.set("tag", known.tag());
        }
        let told = Told {
            reasons,
            conflict,
            document,
            ..Told::default()
        };
        self.form(typed, told)
    }

    fn form(&self, typed: Typed, told: Told) -> Response {
        let (a, now) = (Text::current(), self.app.clock.now());
        let known = self.known.as_ref();
        let document = told.document.as_ref();
        let in_force = known.and_then(|known| known.document.as_ref());
        let id = known.map(|known| known.object.id());
        let read = document.or(in_force);
        let read = read.and_then(|bytes| entity(bytes, id.or(wanted(&typed))));
        let status = match told.reasons.is_empty() {
            true => StatusCode::OK,
            false if told.conflict.is_some() => StatusCode::CONFLICT,
            false => StatusCode::UNPROCESSABLE_ENTITY,
        };
        let said = |reasons: &[Reason]| -> Vec<String> {
            let all = reasons.iter();
            all.map(|reason| {
                a.language
                    .pick((reason.da.as_str(), reason.en.as_str()))
                    .to_owned()
            })
            .collect()
        };
        let conflict = told.conflict.as_ref().map(|plan| {
            let stored = known.map(|known| row(&known.object, &known.beside));
            compare(stored.as_ref(), Some(&plan.row()), now)
        });
        let content = &self.app.registry.now().content;
        let name = known.map(|known| known.beside.name.clone());
        let others = content.identity_providers.values();
        let others = others.filter(|party| Some(&party.beside.name) != name.as_ref());
        let page = FormPage {
            t: PageText::current(),
            a,
            role: self.role,
            first: known.is_none() && typed.get("step").is_empty(),
            title: self.title(),
            reasons: said(&told.reasons),
            guesses: said(&told.guesses),
            conflict,
            facts: read.map(|entity| Facts::of(a, &entity, now)),
            // What is in force was judged when it came.
            judged: document.map(|bytes| judged(self.app, a.language, self.role, bytes, id)),
            source: known.map(|known| self.source(a, known)),
            successors: others
                .map(|party| {
                    (
                        party.beside.name.clone(),
                        party.object.praesentationsnavn.clone(),
                    )
                })
                .collect(),
            adfs: name
                .as_ref()
                .filter(|_| self.role.is_idp())
                .map(|name| self.adfs(name)),
            typed,
            name,
        };
        page::html(status, &page)
    }

    fn preview(
        &self,
        typed: Typed,
        plan: &Plan,
        document: Option<Arc<[u8]>>,
        notes: &[Reason],
    ) -> Response {
        let (a, now) = (Text::current(), self.app.clock.now());
        let known = self.known.as_ref();
        let id = plan.object.id();
        let before = known.map(|known| row(&known.object, &known.beside));
        let read = |bytes: Option<&Arc<[u8]>>| bytes.and_then(|bytes| entity(bytes, Some(id)));
        let (old, new) = (
            read(known.and_then(|known| known.document.as_ref())),
            read(document.as_ref()),
        );
        let own = known.map(|known| known.object.id());
        let page = PreviewPage {
            t: PageText::current(),
            a,
            role: self.role,
            name: known.map(|known| known.beside.name.clone()),
            title: match known {
                Some(_) => self.title(),
                None => typed.get("title").to_owned(),
            },
            changes: match &before {
                Some(before) => compare(Some(before), Some(&plan.row()), now),
                None => Vec::new(),
            },
            news: news(a.language, old.as_ref(), new.as_ref(), now),
            facts: new.map(|entity| Facts::of(a, &entity, now)),
            judged: document.map(|bytes| judged(self.app, a.language, self.role, &bytes, own)),
            notes: notes
                .iter()
                .map(|reason| {
                    a.language
                        .pick((reason.da.as_str(), reason.en.as_str()))
                        .to_owned()
                })
                .collect(),
            typed,
        };
        page::html(StatusCode::OK, &page)
    }

    fn title(&self) -> String {
        let known = self.known.as_ref();
        known.map_or_else(String::new, |known| match &known.object {
            Object::IdentityProvider(idp) => idp.praesentationsnavn.clone(),
            Object::System(_) => {
                let title = known.beside.rest.get("presentation_name");
                let title = title.and_then(|title| title.as_str());
                title.unwrap_or(&known.beside.name).to_owned()
            }
        })
    }

    /// Where the metadata in force is from.
    fn source(&self, a: &Text, known: &Known) -> String {
        match (known.object.metadata(), &known.fetched) {
            _ if known.beside.is_invented() => a.source_invented.to_owned(),
            (SamlMetadata::Address(address), Some(fetched)) => {
                a.source_fetched(address, when::in_full(fetched.at, a.language))
            }
            (SamlMetadata::Address(address), None) => a.source_address(address),
            (SamlMetadata::Document(_), _) => {
                let file = known.beside.rest.get("saml_metadata");
                let file = file.and_then(|file| file.as_str());
                file.map_or_else(|| a.source_pasted.to_owned(), |file| a.source_file(file))
            }
        }
    }

    /// How an AD FS takes the hub as a relying party, and takes over its changes by itself. By the short name in the address the
    /// hub knows who fetches.
    fn adfs(&self, name: &str) -> String {
        let url = self.app.hub().url(path::SP_METADATA);
        format!(
            "Add-AdfsRelyingPartyTrust -Name \"Vejviser\" -MetadataUrl \"{url}?part={name}\" -MonitoringEnabled $true -AutoUpdateEnabled $true \
             -AccessControlPolicyName \"Permit everyone\""
        )
    }
}

fn wanted(typed: &Typed) -> Option<&str> {
    Some(typed.get("entity_id")).filter(|id| !id.is_empty())
}

fn is_taken(content: &Content, name: &str) -> bool {
    content.parties().any(|party| party.beside().name == name)
}

fn unreadable() -> Reason {
    Reason::new(
        "SamlMetadata: kan ikke læses som én parts metadata. Beskriver dokumentet flere parter, så skriv partens entityID",
        "SamlMetadata: cannot be read as one party's metadata. If the document describes several, give the party's entityID",
    )
}

fn other_role(role: Role) -> Reason {
    match role {
        Role::IdentityProvider => Reason::new(
            "SamlMetadata: beskriver et brugervendt system; brug den anden fane",
            "SamlMetadata: describes a user-facing system; use the other tab",
        ),
        Role::System => Reason::new(
            "SamlMetadata: beskriver en identity provider; brug den anden fane",
            "SamlMetadata: describes an identity provider; use the other tab",
        ),
    }
}

/// A party that is gone while its page was open.
pub fn is_gone(id: &str) -> Refusal {
    Refusal::NotFound(gone(id))
}
