package import Access

/// Who may come in, and as what; `docs/access.md` says what tokens are.
package struct AccessSettings: Hashable, Sendable {
    /// `room.name`: the room that tokens are for, 1 to 128 visible ASCII characters; default `deskroom`.
    package var room: Identifier = .defaultRoom
    /// `access.secret`: a secret of at least 32 characters, by which tokens are signed (HS256).
    ///
    /// Without it and `access.keyFile` one is made for this start, and two links are printed that are signed with it.
    ///
    /// `access.secret.file`: a file that holds it, instead (``SecretFile``).
    package var secret: String?
    /// `access.keyFile`: path of a file of public keys (PEM, JSON Web Key or JWKS) that tokens are signed by; it is read
    /// again when it changes.
    package var keyFile: String?
    /// `access.open`: `on`: whoever has the address comes in as a clinician, for tests and demonstrations; default `off`.
    package var isOpen = false
    /// `rights.caregiver`, `rights.client`, `rights.clinician`, `rights.observer`: all rights of a role, as in
    /// `see hear chat`, or what is different, as in `+record -chat`.
    package var rights = RightsTable()
    /// `room.waiting`: the roles whose people wait until somebody in the room lets them in, as in `client observer`, or `none`;
    /// default `client caregiver observer`.
    ///
    /// In an open room nobody waits, since everybody is a clinician there.
    package var waiting: Set<Role> = [.caregiver, .client, .observer]

    package init() {}

    init(reading values: SettingValues) throws(ConfigurationError) {
        if let name = values.text("room.name") {
            guard let name = Identifier(name) else {
                throw ConfigurationError(
                    key: "room.name",
                    problem: "is not 1 to \(Identifier.longest) visible characters of ASCII without spaces"
                )
            }
            room = name
        }
        secret = values.text("access.secret")
        keyFile = values.text("access.keyFile")
        isOpen = try values.flag("access.open") ?? false
        for role in Role.allCases {
            let key = "rights.\(role.rawValue)"
            guard let setting = values.text(key) else { continue }
            do throws(UnusableRights) {
                try rights.set(role, from: setting)
            } catch {
                throw ConfigurationError(key: key, problem: error.description)
            }
        }
        if let setting = values.text("room.waiting") { waiting = try Self.roles(setting) }
        try validate()
    }

    private static func roles(_ setting: String) throws(ConfigurationError) -> Set<Role> {
        let words = setting.split { $0 == "," || $0.isWhitespace }.map(String.init)
        guard words != ["none"] else { return [] }
        let roles = words.compactMap(Role.init(rawValue:))
        guard roles.count == words.count, !roles.isEmpty else {
            let all = Role.allCases.map(\.rawValue).joined(separator: ", ")
            throw ConfigurationError(
                key: "room.waiting",
                problem: "“\(setting)” is neither none nor some of \(all)"
            )
        }
        return Set(roles)
    }

    private func validate() throws(ConfigurationError) {
        if isOpen, secret != nil || keyFile != nil {
            throw ConfigurationError(
                key: "access.open",
                problem:
                    "lets everybody in, so that the key in access.secret or access.keyFile would be for nothing: "
                    + "remove one of them"
            )
        }
        if let secret {
            do throws(UnusableKey) {
                _ = try TokenKey(secret: Array(secret.utf8))
            } catch {
                throw ConfigurationError(key: "access.secret", problem: error.description)
            }
        }
    }
}

extension Identifier {
    fileprivate static var defaultRoom: Identifier {
        guard let name = Identifier("deskroom") else { preconditionFailure("its letters are visible ASCII") }
        return name
    }
}
