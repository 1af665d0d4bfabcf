//! What is sent, as if it had been captured.

use crate::drill::calibrate::capture;
use crate::drill::calibrate::message::Message;
use crate::hub::Sealed;
use crate::oiosaml::mask::Masker;
use crate::saml::binding::decode_post;
use crate::saml::{Decoded, Outbound};

/// Our message as if it had been captured.
pub(super) fn own(sealed: &Sealed, clear: Option<&str>, masker: &mut Masker) -> Option<Message> {
    let raw = match sealed.outbound() {
        Outbound::Redirect { url } => capture::redirected(url),
        sent @ Outbound::Post { action, .. } => capture::posted(action, &form(sent)?),
        // A login has none.
        Outbound::Soap { .. } => return None,
    };
    Message::own(&raw?.ok()?, clear, masker)
}

/// What the receiver of a form reads.
pub(super) fn posted(sent: &Outbound) -> Option<Decoded> {
    decode_post(form(sent)?.as_bytes()).ok()
}

fn form(sent: &Outbound) -> Option<String> {
    let Outbound::Post {
        field,
        message,
        relay_state,
        ..
    } = sent
    else {
        return None;
    };
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.append_pair(field.name(), message);
    if let Some(relay_state) = relay_state {
        form.append_pair("RelayState", relay_state);
    }
    Some(form.finish())
}
