internal import Glibc
internal import IO
internal import Logging

/// How far what runs on the desk is kept from the room.
struct DeskConfinement: Sendable {
    let confinement: Confinement

    /// - Parameters:
    ///   - secrets: Files that only the room may read.
    ///   - environment: The room's own.
    /// - Throws: ``ConfigurationError`` if there is no such user, or the room may not run programs as it.
    init(
        _ configuration: Configuration,
        secrets: [String],
        environment: [String: String]
    ) throws(ConfigurationError) {
        var confinement = Confinement()
        if let name = configuration.deskUser { confinement.user = try Self.user(named: name) }
        let home = confinement.user?.home ?? environment["HOME"]
        let usual = ["/tmp", "/var/tmp", "/dev/shm"]
        let files = configuration.files
        // Where people put files, programs and the desk process make some; below the home directory they do anyhow.
        let folder = files.use != .off && files.folder.hasPrefix("/") ? files.folder : nil
        confinement.files = ReachableFiles(
            hidden: secrets,
            open: usual
                + [
                    home, environment["TMPDIR"], configuration.runtimeDirectory, folder,
                    configuration.activities.home,
                ]
                .compactMap { $0 }
        )
        let port = configuration.port
        switch configuration.deskNetwork ?? ([0, 80, 443].contains(port) ? .all : .others) {
        case .all: confinement.network = .all
        case .others:
            let media =
                configuration.connections.isOn && configuration.mediaPort > 0 ? [configuration.mediaPort] : []
            confinement.network = .allButPorts([UInt16(port)] + media)
        case .none: confinement.network = .none
        }
        self.confinement = confinement
    }

    /// Says once what of it this machine cannot do.
    func tell(_ log: Logger) {
        if let shortcoming = Confinement.shortcoming {
            log.warning("Programs on the desk are not fully confined", metadata: ["reason": "\(shortcoming)"])
        }
        if confinement.user == nil, !confinement.files.exposed.isEmpty {
            log.warning(
                "Programs on the desk can read a secret file, because it is where they make files; move it elsewhere",
                metadata: ["files": "\(confinement.files.exposed.joined(separator: ", "))"]
            )
        }
    }

    private static func user(named name: String) throws(ConfigurationError) -> Confinement.User? {
        guard let entry = unsafe getpwnam(name) else {
            throw ConfigurationError(key: "desk.user", problem: "there is no user “\(name)” on this machine")
        }
        let user = unsafe Confinement.User(
            id: entry.pointee.pw_uid,
            group: entry.pointee.pw_gid,
            home: String(cString: entry.pointee.pw_dir),
            name: name
        )
        if user.id == geteuid() { return nil }
        guard ProcessPrivacy.canActAsOthers else {
            throw ConfigurationError(
                key: "desk.user",
                problem:
                    "only root, or who has the capabilities SETUID, SETGID and KILL, can run programs as “\(name)”"
            )
        }
        return user
    }
}
