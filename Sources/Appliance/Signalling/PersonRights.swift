package import Access

/// What a person is and may do at the moment.
package struct PersonRights: Encodable, Hashable, Sendable {
    package var id: UInt64
    package var role: String
    /// By name, as tokens and settings have them.
    package var rights: [String]

    package init(id: UInt64, role: Role, rights: Rights) {
        self.id = id
        self.role = role.rawValue
        self.rights = rights.names
    }
}
