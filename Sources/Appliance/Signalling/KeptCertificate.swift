internal import Foundation
internal import Glibc
internal import IO
package import Logging
package import TLS

/// Where the certificate that the room makes for itself is kept, so that a page that was accepted once comes back by itself
/// after a restart of the room.
///
/// It is somewhere where programs on the desk cannot read it: they are driven by whoever holds the control.
package struct KeptCertificate: Sendable {
    /// `nil`: it is not kept.
    package let file: String?
    private let problem: String?

    /// Finds a directory for it, and makes that if it is missing; `nil` if no certificate is made.
    ///
    /// - Throws: ``ConfigurationError`` if `tls.directory` cannot be had.
    package init?(_ configuration: Configuration, environment: [String: String]) throws(ConfigurationError) {
        guard configuration.usesTLS, configuration.certificatePath == nil else { return nil }
        if let wanted = configuration.certificateDirectory {
            let directory = Self.made(wanted)
            guard let directory else {
                throw ConfigurationError(
                    key: "tls.directory",
                    problem: "this user cannot make files in \(wanted)"
                )
            }
            guard try !Self.isExposed(directory, configuration, environment) else {
                throw ConfigurationError(
                    key: "tls.directory",
                    problem:
                        "programs on the desk can read what is in \(wanted), because they make files there; name "
                        + "one that is neither in their home nor in /tmp"
                )
            }
            file = directory + "/" + Self.name
            problem = nil
            return
        }
        for place in Self.usual(environment) {
            guard try !Self.isExposed(place, configuration, environment), let directory = Self.made(place),
                try !Self.isExposed(directory, configuration, environment)
            else { continue }
            file = directory + "/" + Self.name
            problem = nil
            return
        }
        file = nil
        problem = "there is no directory for it that programs on the desk cannot read"
    }

    /// The one that is kept if it is good for these names for long enough, else a new one, which is kept.
    ///
    /// - Parameters:
    ///   - memory: What the room before has left, where there is one: it comes first.
    ///   - now: Seconds since 1970; `nil`: it is now.
    package func certificate(
        for names: [TLSName],
        memory: RoomMemory? = nil,
        now: Int64? = nil,
        log: Logger
    ) throws(TLSError) -> TLSCertificate {
        let now = now ?? Int64(Date().timeIntervalSince1970)
        func isGood(_ kept: TLSCertificate) -> Bool {
            guard let dates = kept.dates else { return false }
            return kept.names(names) && dates.notBefore <= now && dates.notAfter - now > Self.rest
        }
        if let left = memory?.content.certificate, let kept = try? TLSCertificate(pem: Array(left.utf8)),
            isGood(kept)
        {
            return kept
        }
        func remember(_ certificate: TLSCertificate) {
            memory?.update { $0.certificate = String(decoding: certificate.pem, as: UTF8.self) }
        }
        if let kept = file.flatMap({ Self.read($0) }), isGood(kept) {
            remember(kept)
            return kept
        }
        let made = try TLSCertificate(for: names)
        remember(made)
        guard let problem = file.map({ Self.write(made.pem, to: $0) }) ?? problem else { return made }
        log.notice(
            """
            The certificate is not kept: after a restart browsers ask about it again, and open pages do not come back by \
            themselves. tls.directory (DESKROOM_TLS_DIRECTORY) names a place for it
            """,
            metadata: ["reason": "\(problem)"]
        )
        return made
    }

    /// Only what nobody else could have put there or read.
    private static func read(_ path: String) -> TLSCertificate? {
        guard let status = FileStatus(path), !status.isDirectory, status.isPrivate(),
            let bytes = try? Data(contentsOf: URL(filePath: path))
        else { return nil }
        return try? TLSCertificate(pem: [UInt8](bytes))
    }

    /// Returns why it could not be written.
    private static func write(_ pem: [UInt8], to path: String) -> String? {
        let new = "\(path).\(getpid())"
        let descriptor = unsafe open(new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return SystemError(number: errno).description }
        let count = unsafe pem.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
        let isWritten = count == pem.count && count > 0 && fsync(descriptor) == 0
        close(descriptor)
        guard isWritten, unsafe rename(new, path) == 0 else {
            let problem = SystemError(number: errno).description
            unsafe unlink(new)
            return problem
        }
        return nil
    }

    /// The directory without links on the way, in which this user can make files; `nil` if there is none.
    private static func made(_ path: String) -> String? {
        unsafe mkdir(path, 0o700)
        guard let status = FileStatus(URL(filePath: path).resolvingSymlinksInPath().path), status.isDirectory,
            unsafe access(path, W_OK | X_OK) == 0
        else { return nil }
        return URL(filePath: path).resolvingSymlinksInPath().path
    }

    private static func isExposed(
        _ directory: String,
        _ configuration: Configuration,
        _ environment: [String: String]
    ) throws(ConfigurationError) -> Bool {
        let confinement = try DeskConfinement(
            configuration,
            secrets: [directory],
            environment: environment
        ).confinement
        return confinement.user == nil && !confinement.files.exposed.isEmpty
    }

    /// What a service manager, or a session of a user, has for such files.
    private static func usual(_ environment: [String: String]) -> [String] {
        var places: [String] = []
        if let state = environment["STATE_DIRECTORY"]?.split(separator: ":").first {
            places.append(String(state))
        }
        if let state = environment["XDG_STATE_HOME"] { places.append(state + "/deskroom") }
        if let home = environment["HOME"] { places.append(home + "/.local/state/deskroom") }
        if let runtime = environment["XDG_RUNTIME_DIR"] { places.append(runtime + "/deskroom.tls") }
        return places.filter { $0.hasPrefix("/") }
    }

    private static let name = "certificate.pem"
    /// Seconds of validity that are worth a start.
    private static let rest: Int64 = 30 * 86_400
}
