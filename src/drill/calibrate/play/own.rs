//! What our hub sends, as a message that is compared.

use crate::drill::calibrate::capture;
use crate::drill::calibrate::mask::Masker;
use crate::drill::calibrate::message::{Message, Query, Raw};
use crate::hub::Sealed;
use crate::saml::binding::{decode_post, decode_redirect};
use crate::saml::{Binding, Decoded, Outbound};

/// Our message as if it had been captured.
pub(super) fn own(sealed: &Sealed, clear: Option<&str>, masker: &mut Masker) -> Option<Message> {
    let raw = match sealed.outbound() {
        Outbound::Redirect { url } => {
            let query = url.split_once('?')?.1;
            let decoded = decode_redirect(query).ok()?;
            Raw {
                binding: Some(Binding::Redirect),
                address: Some(url.clone()),
                xml: decoded.xml,
                relay_state: decoded.relay_state,
                query: Some(Query {
                    parameters: capture::parameters(query),
                    algorithm: decoded.query_signature.map(|signature| signature.algorithm),
                }),
                complete: true,
            }
        }
        Outbound::Post {
            action,
            relay_state,
            ..
        } => Raw {
            binding: Some(Binding::Post),
            address: Some(action.clone()),
            xml: posted(sealed.outbound())?.xml,
            relay_state: relay_state.clone(),
            query: None,
            complete: true,
        },
    };
    Message::own(&raw, clear, masker)
}

pub(super) fn posted(outbound: &Outbound) -> Option<Decoded> {
    let Outbound::Post { field, message, .. } = outbound else {
        return None;
    };
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.append_pair(field.name(), message);
    decode_post(form.finish().as_bytes()).ok()
}
