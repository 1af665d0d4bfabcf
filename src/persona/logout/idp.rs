//! Single logout of an invented identity provider.

use super::{Party, Side, Told};
use crate::edge::page::Text;
use crate::hub::Check;
use crate::hub::rollover::Heard;
use crate::persona::idp::Idp;
use crate::persona::page::FailedRow;
use crate::persona::strict::Objection;
use crate::persona::verdict::findings;
use crate::saml::LogoutRequest;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

impl Party for Idp {
    fn side(&self) -> Side<'_> {
        let own = self.keys.own(&self.hub);
        let signing = self.stranger.as_ref().unwrap_or(&own.signing);
        let now = self.clock.now();
        Side {
            entity_id: &self.entity_id,
            title: &self.title,
            site: &self.site,
            habit: self.persona.logout,
            hub: &self.hub,
            requests: &self.hub.signoff_request,
            answers: &self.hub.signoff_response,
            keys: self.keys.trust(&self.hub).keys,
            signing: signing.clone(),
            now,
            says: now + self.persona.skew(),
            begun: &self.begun,
        }
    }

    /// An AD FS may be told not to look at signatures: as with AuthnRequests.
    fn overlooks(&self, check: Check, _: bool) -> bool {
        let signature = [
            Check::TrustedKey,
            Check::LogoutSigned,
            Check::LogoutSignature,
        ];
        !self.keys.trust(&self.hub).checks && signature.contains(&check)
    }

    fn end(&self, request: &LogoutRequest) {
        let Some(name_id) = &request.name_id else {
            return;
        };
        let indexes = &request.session_indexes;
        self.sessions.forget_where(|session| {
            session.name_id.value == name_id.value
                && (indexes.is_empty() || indexes.contains(&session.index))
        });
    }

    fn report(&self, request_id: Option<&str>, objections: &[Objection]) {
        heard(self, objections);
        if let Some(id) = request_id {
            self.hub.reports.of_idp(id, findings(objections));
        }
    }

    fn tell_user(&self, told: &Told) -> Response {
        let address = format!("{}?{}", self.site.home(), told.query());
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
        let heading = Text::current().logout_failed;
        self.refused_page(code, heading, what, detail, rows)
    }
}

/// A signature that does not hold is what a change of certificates is about.
fn heard(idp: &Idp, objections: &[Objection]) {
    let signature = |one: &&Objection| one.check == Check::LogoutSignature;
    if let Some(one) = objections.iter().find(signature) {
        let id = one.check.info().id.to_owned();
        idp.keys.tell(&idp.hub, Heard::Failed(id));
    }
}
