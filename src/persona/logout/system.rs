//! Single logout of a demo system.

use super::{Party, Side, Told};
use crate::config::Defect;
use crate::edge::page::Text;
use crate::hub::Check;
use crate::hub::rollover::Heard;
use crate::persona::page::FailedRow;
use crate::persona::strict::Objection;
use crate::persona::system::System;
use crate::persona::verdict::findings;
use crate::saml::LogoutRequest;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

impl Party for System {
    fn side(&self) -> Side<'_> {
        let now = self.clock.now();
        Side {
            entity_id: &self.entity_id,
            title: &self.title,
            site: &self.site,
            habit: self.demo.logout(),
            hub: &self.hub,
            requests: &self.hub.sso,
            answers: &self.hub.signoff,
            keys: self.held_keys(),
            signing: self.keys.own(&self.hub).signing.clone(),
            now,
            says: now,
            begun: &self.leaving,
        }
    }

    fn overlooks(&self, check: Check, is_signed: bool) -> bool {
        match check {
            Check::LogoutSigned => !is_signed && self.demo.has(Defect::AcceptsUnsignedLogout),
            Check::LogoutSignature => is_signed && self.demo.has(Defect::AcceptsForgedLogout),
            _ => false,
        }
    }

    /// The sessions of that user; of several the ones that are named (SAML core §3.7.1).
    fn end(&self, request: &LogoutRequest) {
        let Some(name_id) = &request.name_id else {
            return;
        };
        let indexes = &request.session_indexes;
        self.sessions.forget_where(|session| {
            let named = session.session_index.as_ref();
            session.name_id.value == name_id.value
                && (indexes.is_empty() || named.is_some_and(|own| indexes.contains(own)))
        });
    }

    fn report(&self, request_id: Option<&str>, objections: &[Objection]) {
        let signature = |one: &&Objection| one.check == Check::LogoutSignature;
        if let Some(one) = objections.iter().find(signature) {
            let id = one.check.info().id.to_owned();
            self.keys.tell(&self.hub, Heard::Failed(id));
        }
        if let Some(id) = request_id {
            let found = findings(objections);
            self.hub.reports.of_system(&self.entity_id, id, found);
        }
    }

    fn tell_user(&self, told: &Told) -> Response {
        let address = self.site.url(&format!("/logget-ud?{}", told.query()));
        let to = HeaderValue::from_str(&address).unwrap_or(HeaderValue::from_static("/"));
        (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response()
    }

    fn refuse_logout(
        &self,
        code: StatusCode,
        what: &str,
        detail: Option<&str>,
        rows: Vec<FailedRow>,
    ) -> Response {
        self.refused_page(code, Text::current().logout_failed, what, detail, rows)
    }
}
