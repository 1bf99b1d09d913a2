/// What somebody may do in a room, said by whoever runs it: the claims of a token (RFC 7519).
///
/// | claim | | meaning |
/// |---|---|---|
/// | `room` | required | the room that it is for |
/// | `sub` | required | who: an identifier of the clinic's, never shown to others |
/// | `exp` | required | seconds since 1970 from which it is refused |
/// | `role` | unless `scope` has `admin` | `caregiver`, `client`, `clinician` or `observer` |
/// | `give`, `take` | arrays | rights beyond those of the role, and without; by the names of ``Rights`` |
/// | `name` | | what others see |
/// | `nbf`, `iat` | | seconds since 1970 until which it is refused, and at which it was made |
/// | `jti` | with `once` | its own identifier, by which it is withdrawn |
/// | `once` | | whether it lets somebody in only once |
/// | `scope` | | words with spaces between (RFC 8693 §4.2); `admin` opens the clinic's API |
/// | `aud` | | if it is there, `deskroom` is among it (RFC 7519 §4.1.3) |
package struct JoinToken: Hashable, Sendable {
    package var room: Identifier
    package var subject: Identifier
    package var name: String?
    /// `nil` for a token that is for the API alone.
    package var role: Role?
    /// Rights beyond those of the role.
    package var given: Rights
    /// Rights of the role that are withheld, also if they are in ``given``.
    package var taken: Rights
    /// Seconds since 1970.
    package var expires: Int64
    package var notBefore: Int64?
    package var issued: Int64?
    package var id: Identifier?
    package var isOneUse: Bool
    package var isAdmin: Bool

    package init(
        room: Identifier,
        subject: Identifier,
        name: String? = nil,
        role: Role?,
        given: Rights = [],
        taken: Rights = [],
        expires: Int64,
        notBefore: Int64? = nil,
        issued: Int64? = nil,
        id: Identifier? = nil,
        isOneUse: Bool = false,
        isAdmin: Bool = false
    ) {
        precondition(id != nil || !isOneUse, "what is used once is known by its identifier")
        precondition(role != nil || isAdmin, "whoever joins has a role")
        self.room = room
        self.subject = subject
        self.name = name
        self.role = role
        self.given = given
        self.taken = taken
        self.expires = expires
        self.notBefore = notBefore
        self.issued = issued
        self.id = id
        self.isOneUse = isOneUse
        self.isAdmin = isAdmin
    }

    /// The token as it is given away.
    ///
    /// - Throws: ``UnusableKey`` if the key cannot sign, or the text would be longer than anybody reads.
    package func signed(with key: TokenKey) throws(UnusableKey) -> String {
        let text = try JSONWebSignature.sign(claims, with: key)
        guard text.utf8.count <= JSONWebSignature.longest else {
            throw UnusableKey("the token would be longer than \(JSONWebSignature.longest) bytes")
        }
        return text
    }
}
