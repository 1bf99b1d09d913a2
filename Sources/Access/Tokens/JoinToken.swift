/// What somebody may do in a room, said by whoever runs it: the claims of a token (RFC 7519).
///
/// `docs/access.md` says what the claims are called and which are required.
package struct JoinToken: Codable, Hashable, Sendable {
    package var room: Identifier
    /// Who: an identifier of the clinic's, never shown to others.
    package var subject: Identifier
    /// What others see, as it was signed: it still has to pass for a name.
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
    /// The token's own, by which it is withdrawn.
    package var id: Identifier?
    /// Whether it lets somebody in only once.
    package var isOneUse: Bool
    /// Whether it opens the clinic's API.
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
