#if canImport(Access)
import Access
#endif

/// No text is taken for a token that nobody has signed, and claims that are signed rightly are refused, or come back the
/// same when they are signed anew.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzJoinToken(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard
        let key = try? TokenKey(secret: [UInt8](repeating: 0x61, count: 32)),
        let room = Identifier("room")
    else { fatalError("32 bytes are a secret") }
    let input = UnsafeBufferPointer(start: bytes, count: count)
    let verifier = TokenVerifier(room: room, keys: TokenKeys([key]))
    let text = String(decoding: input, as: UTF8.self)
    precondition((try? verifier.verify(text, at: 0)) == nil, "nobody can guess a signature")
    _ = try? TokenKeys(file: Array(input))

    guard let claims = try? JSONObject(parsing: Array(input)) else { return 0 }
    precondition((try? JSONObject(parsing: claims.bytes)) == claims, "writing changed the object")
    guard
        let signed = try? JSONWebSignature.sign(claims, with: key),
        let token = try? verifier.verify(signed, at: 0),
        let again = try? token.signed(with: key)
    else { return 0 }
    precondition((try? verifier.verify(again, at: 0)) == token, "signing anew changed the token")
    return 0
}
