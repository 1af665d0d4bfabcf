//! The hub's AuthnRequest to the IdP, shaped by its request profile.

use super::{Context, Pending, Refusal, Sealed, Trace};
use crate::dsig::Entropy;

/// Asks `idp` for the pending login. The answer is the pending login in stage `Asked`, which must be stored
/// before the message is sent; or a refusal for the system.
pub fn ask(context: Context<'_>, pending: &Pending, idp: &str, entropy: &mut dyn Entropy, trace: &mut Trace) -> Result<(Pending, Sealed), Refusal> {
    let _ = (context, pending, idp, entropy, trace);
    todo!()
}
