//! The content under its block cipher: IV ‖ ciphertext ‖ (GCM) tag, as XML Encryption 1.1 §5.2 has it.

use super::BlockCipher;
use openssl::error::ErrorStack;
use openssl::symm::{Crypter, Mode, decrypt_aead, encrypt_aead};

const TAG: usize = 16;
const BLOCK: usize = 16;

/// Encrypts; `padding` gives the arbitrary bytes that CBC padding has before its length.
pub(super) fn seal(
    cipher: BlockCipher,
    key: &[u8],
    iv: &[u8],
    plain: &[u8],
    padding: &[u8; BLOCK],
) -> Result<Vec<u8>, ErrorStack> {
    if cipher.is_authenticated() {
        let mut tag = [0; TAG];
        let sealed = encrypt_aead(cipher.cipher(), key, Some(iv), &[], plain, &mut tag)?;
        return Ok([iv, &sealed, &tag].concat());
    }
    // §5.2.2: as many bytes as are missing from a whole block, at least one; only the last one is read.
    let missing = BLOCK - plain.len() % BLOCK;
    let mut padded = [plain, &padding[..missing - 1]].concat();
    padded.push(missing as u8);
    Ok([iv, &cbc(cipher, Mode::Encrypt, key, iv, &padded)?].concat())
}

/// Decrypts, and tells whether CBC padding was valid. There is one failure, and its cause is not known to the
/// caller; where only the padding is false there is a plaintext all the same, for the caller to read and to
/// throw away, so that both cases do the same work.
pub(super) fn open(cipher: BlockCipher, key: &[u8], sealed: &[u8]) -> Option<(Vec<u8>, bool)> {
    let (iv, rest) = sealed.split_at_checked(cipher.iv_len())?;
    if cipher.is_authenticated() {
        let (content, tag) = rest.split_at_checked(rest.len().checked_sub(TAG)?)?;
        let plain = decrypt_aead(cipher.cipher(), key, Some(iv), &[], content, tag).ok()?;
        return Some((plain, true));
    }
    if rest.is_empty() || !rest.len().is_multiple_of(BLOCK) {
        return None;
    }
    let mut plain = cbc(cipher, Mode::Decrypt, key, iv, rest).ok()?;
    let (length, valid) = padding_length(&plain);
    plain.truncate(length);
    Some((plain, valid))
}

fn cbc(
    cipher: BlockCipher,
    mode: Mode,
    key: &[u8],
    iv: &[u8],
    input: &[u8],
) -> Result<Vec<u8>, ErrorStack> {
    let mut crypter = Crypter::new(cipher.cipher(), mode, key, Some(iv))?;
    // OpenSSL would expect the padding of PKCS #7, and tell the time it takes to find it wrong.
    crypter.pad(false);
    let mut output = vec![0; input.len() + BLOCK];
    let mut length = crypter.update(input, &mut output)?;
    length += crypter.finalize(&mut output[length..])?;
    output.truncate(length);
    Ok(output)
}

/// The length without padding and whether the padding is valid, without a branch on the plaintext: whoever
/// can tell good padding from bad can decrypt.
fn padding_length(plain: &[u8]) -> (usize, bool) {
    let last = u32::from(plain.last().copied().unwrap_or(0));
    // 1 if 1 <= last <= 16: only then `last - 1` is 0 above its lowest four bits, and only 0 wraps below 0.
    let valid = (last.wrapping_sub(1) >> 4).wrapping_sub(1) >> 31;
    let length = plain.len() - (last * valid) as usize;
    (length, valid == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padding_is_one_to_sixteen() {
        for last in 0..=255u8 {
            let mut plain = [7; 32];
            plain[31] = last;
            let (length, valid) = padding_length(&plain);
            assert_eq!(valid, (1..=16).contains(&last), "{last}");
            assert_eq!(length, 32 - if valid { usize::from(last) } else { 0 });
        }
    }

    #[test]
    fn every_length_comes_back() {
        for &cipher in BlockCipher::ALL {
            let key = vec![1; cipher.cipher().key_len()];
            let iv = vec![2; cipher.iv_len()];
            for length in 0..40 {
                let plain = vec![b'x'; length];
                let sealed = seal(cipher, &key, &iv, &plain, &[3; 16]).unwrap();
                assert_eq!(open(cipher, &key, &sealed), Some((plain, true)));
                assert_eq!(open(cipher, &key, &sealed[..sealed.len() - 1]), None);
            }
            assert_eq!(open(cipher, &key, &iv), None);
            assert_eq!(open(cipher, &key, b""), None);
        }
    }
}
