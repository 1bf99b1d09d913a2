internal import Access
internal import Logging
internal import ServiceLifecycle

/// What lets people in during one start of the room: keys, and the links of a room that nobody has given any.
struct AccessKeys: Sendable {
    let policy: AdmissionPolicy
    /// `nil`: nothing has to be shown.
    let door: TokenDoor?
    /// What is printed at start, in a room without keys of its own.
    let links: [(role: Role, token: String)]
    /// What tokens are signed with for the clinic's back end; `nil` if there are only public keys.
    let signer: TokenKey?
    private let secret: TokenKey?
    private let file: KeyFile?

    /// - Parameters:
    ///   - memory: What the room before has left, and where this one leaves the secret that it makes.
    ///   - now: Seconds since 1970.
    init(
        _ settings: AccessSettings,
        memory: RoomMemory? = nil,
        now: Int64
    ) throws(ConfigurationError) {
        guard !settings.isOpen else {
            policy = .everybody
            door = nil
            links = []
            signer = nil
            secret = nil
            file = nil
            return
        }
        let file: KeyFile? = if let path = settings.keyFile { try KeyFile(path) } else { nil }
        let secret: TokenKey?
        do throws(UnusableKey) {
            if let text = settings.secret {
                secret = try TokenKey(secret: Array(text.utf8))
                links = []
            } else if file == nil {
                let text = memory?.content.secret ?? (Secret.random().text + Secret.random().text)
                memory?.update { $0.secret = text }
                let made = try TokenKey(secret: Array(text.utf8))
                secret = made
                links = try Self.links(to: settings.room, made, now: now)
            } else {
                secret = nil
                links = []
            }
        } catch {
            throw ConfigurationError(key: "access.secret", problem: error.description)
        }
        self.file = file
        self.secret = secret
        let keys = Self.keys(secret, file?.keys)
        signer = keys.keys.first { $0.canSign }
        door = TokenDoor(TokenVerifier(room: settings.room, keys: keys))
        policy = .tokens(settings.rights)
    }

    func tell(_ log: Logger) {
        if door == nil { log.warning("The room is open: whoever has its address may do everything in it") }
        file?.tell(log)
    }

    /// Reads the keys' file again when it changes, for as long as the room runs.
    func watch(_ log: Logger, _ apply: @escaping @Sendable (TokenKeys) async -> Void) -> some Service {
        KeyFileWatch(file: file, log: log) { await apply(Self.keys(secret, $0)) }
    }

    private static func keys(_ secret: TokenKey?, _ file: TokenKeys?) -> TokenKeys {
        TokenKeys((secret.map { [$0] } ?? []) + (file?.keys ?? []))
    }

    private static func links(
        to room: Identifier,
        _ key: TokenKey,
        now: Int64
    ) throws(UnusableKey) -> [(role: Role, token: String)] {
        var links: [(role: Role, token: String)] = []
        for role in [Role.clinician, .client] {
            guard let subject = Identifier(role.rawValue) else { continue }
            let token = JoinToken(
                room: room,
                subject: subject,
                role: role,
                expires: now + lifetime,
                issued: now,
                id: .random()
            )
            links.append((role, try token.signed(with: key)))
        }
        return links
    }

    /// Seconds: the secret is gone with this start anyhow.
    private static let lifetime: Int64 = 30 * 86_400
}

private struct KeyFileWatch: Service, CustomStringConvertible {
    var file: KeyFile?
    let log: Logger
    let apply: @Sendable (TokenKeys) async -> Void

    var description: String { "keys" }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var file = file
            while (try? await Task.sleep(for: Self.period)) != nil {
                guard let keys = file?.read(log) else { continue }
                await apply(keys)
            }
        }
    }

    private static let period = Duration.seconds(1)
}
