internal import Access
internal import Foundation
internal import Glibc
internal import Logging
internal import TLS

/// What can be found out about settings without starting a room: the files and users that they name.
package struct ConfigurationCheck {
    package private(set) var errors: [ConfigurationError] = []
    /// What may be as it is meant.
    package private(set) var notes: [ConfigurationError] = []

    package init(_ configuration: Configuration, environment: [String: String]) {
        note { () throws(ConfigurationError) in try ServerCertificate.check(configuration) }
        note { () throws(ConfigurationError) in _ = try AccessKeys(configuration.access, now: 0) }
        note { () throws(ConfigurationError) in try configuration.audit.check() }
        note { () throws(ConfigurationError) in
            _ = try DeskConfinement(configuration, secrets: [], environment: environment)
        }
        note { () throws(ConfigurationError) in try Self.checkDirectory(configuration) }
        note { () throws(ConfigurationError) in
            _ = try KeptCertificate(configuration, environment: environment)
        }
        note { () throws(ConfigurationError) in
            guard let home = configuration.activities.home else { return }
            try DeskHome.check(home, environment: environment)
        }
        do throws(ConfigurationError) {
            notes += try Shelf(configuration, environment: environment).leftOut.map(\.note)
        } catch {
            errors.append(error)
        }
        for problem in RoomPorts(configuration).problems {
            // The room itself may be what has it.
            if problem.isTaken { notes.append(problem.error) } else { errors.append(problem.error) }
        }
    }

    private mutating func note(_ check: () throws(ConfigurationError) -> Void) {
        do throws(ConfigurationError) {
            try check()
        } catch {
            errors.append(error)
        }
    }

    private static func checkDirectory(_ configuration: Configuration) throws(ConfigurationError) {
        guard let path = configuration.runtimeDirectory else { return }
        let problem: String
        if let status = FileStatus(path) {
            if status.isDirectory, status.isPrivate(letsThrough: configuration.deskUser != nil) { return }
            problem =
                status.isDirectory
                ? "others may enter \(path); make it this user's, with mode 700" : "\(path) is no directory"
        } else {
            let parent = URL(filePath: path).deletingLastPathComponent().path
            if unsafe access(parent, W_OK | X_OK) == 0 { return }
            problem = "cannot make the directory \(path)"
        }
        throw ConfigurationError(key: "runtime.dir", problem: problem)
    }
}

extension AuditSettings {
    /// Whether the audit could be added to; nothing is written.
    func check() throws(ConfigurationError) {
        guard let file else { return }
        _ = try signer()
        let folder = URL(filePath: file).deletingLastPathComponent().path
        guard unsafe access(folder, W_OK | X_OK) == 0 else {
            throw ConfigurationError(key: "audit.file", problem: "this user cannot make files in \(folder)")
        }
        let isOpenToUs = unsafe access(file, R_OK | W_OK) == 0
        guard isOpenToUs || !FileStatus.exists(file) else {
            throw ConfigurationError(key: "audit.file", problem: "this user may not write \(file)")
        }
    }
}

extension ServerCertificate {
    /// Whether the certificate can be shown to browsers, today.
    static func check(_ configuration: Configuration) throws(ConfigurationError) {
        _ = try served(for: configuration)
        guard let path = configuration.certificatePath else { return }
        if let problem = dateProblem(path) {
            throw ConfigurationError(key: "tls.certificate", problem: "\(path) \(problem)")
        }
    }

    /// Says if browsers will refuse it for its dates.
    static func tell(_ configuration: Configuration, _ log: Logger) {
        guard let path = configuration.certificatePath, let problem = dateProblem(path) else { return }
        log.warning("Browsers will refuse the certificate", metadata: ["reason": "\(path) \(problem)"])
    }

    private static func dateProblem(_ path: String) -> String? {
        guard let dates = try? TLSDates(ofFile: path) else { return nil }
        let now = Int64(Date().timeIntervalSince1970)
        if dates.notAfter <= now { return "has expired on \(day(dates.notAfter))" }
        if dates.notBefore > now { return "is not valid before \(day(dates.notBefore))" }
        return nil
    }

    private static func day(_ seconds: Int64) -> String {
        let words = Date(timeIntervalSince1970: TimeInterval(seconds)).ISO8601Format()
        return String(words.prefix { $0 != "T" })
    }
}
