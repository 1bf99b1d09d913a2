internal import Access
package import Audit
internal import Foundation

/// What is recorded of a room, and where; `docs/access.md` says what is in it.
package struct AuditSettings: Hashable, Sendable {
    /// `audit.file`: path of the file that the audit is added to; default: none is kept.
    package var file: String?
    /// `audit.key`: path of a private key in PEM (P-256 or Ed25519), by which the audit's head is signed.
    package var key: String?
    /// `audit.required`: `on`: nobody new comes in while the audit cannot be written; default `on`.
    package var isRequired = true

    package init() {}

    init(reading values: SettingValues) throws(ConfigurationError) {
        file = values.text("audit.file")
        key = values.text("audit.key")
        isRequired = try values.flag("audit.required") ?? true
        guard file != nil || key == nil else {
            throw ConfigurationError(key: "audit.key", problem: "signs nothing without audit.file")
        }
    }

    /// Opens the audit, or begins one; `nil` where none is kept.
    ///
    /// - Throws: ``ConfigurationError`` if it cannot be added to, or its key cannot sign.
    package func open() throws(ConfigurationError) -> AuditFile? {
        guard let file else { return nil }
        let key = try signer()
        do throws(AuditError) {
            let now = AuditTime(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
            return try AuditFile(file, key: key, now: now)
        } catch {
            throw ConfigurationError(key: "audit.file", problem: "\(file): \(error)")
        }
    }

    func signer() throws(ConfigurationError) -> AsymmetricKey? {
        guard let key else { return nil }
        let keys: [AsymmetricKey]
        do {
            keys = try AsymmetricKey.all(pem: Array(Data(contentsOf: URL(filePath: key))))
        } catch let error as UnusableKey {
            throw ConfigurationError(key: "audit.key", problem: "cannot use \(key): \(error)")
        } catch {
            throw ConfigurationError(key: "audit.key", problem: "cannot read \(key)")
        }
        guard let signer = keys.first(where: \.isPrivate) else {
            throw ConfigurationError(key: "audit.key", problem: "there is no private key in \(key)")
        }
        return signer
    }
}
