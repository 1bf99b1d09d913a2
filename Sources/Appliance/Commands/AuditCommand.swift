internal import Access
internal import ArgumentParser
internal import Audit
internal import Foundation

/// `deskroom audit`: what can be done with an audit when no room is running.
struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Looks at the audit of a room.",
        subcommands: [Verify.self]
    )

    /// `deskroom audit verify FILE`.
    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Says whether an audit is as it was written, or which line is not.",
            discussion: """
                The exit status is 0 if it is as it was written, 1 if not. What was removed from its end is found by \
                its head alone, and that the head is the room's by its signature alone.
                """
        )

        @Argument(help: "The audit.")
        var file: String

        @Option(help: "Its head; default: FILE.head, if there is one.")
        var head: String?

        @Option(help: "The public key in PEM that the head must be signed by.")
        var key: String?

        func run() throws {
            let known = try head.map { try AuditFile.head(at: $0) } ?? AuditFile.head(of: file)
            if let head, known == nil { throw ValidationError("there is no file \(head)") }
            if let key {
                let keys = try AsymmetricKey.all(pem: [UInt8](Data(contentsOf: URL(filePath: key))))
                guard let known else {
                    throw ValidationError("there is no head that the key could have signed")
                }
                guard keys.contains(where: { known.isSigned(by: $0) }) else {
                    print("The head is not signed by this key.")
                    throw ExitCode.failure
                }
            }
            let report = try AuditFile.verify(file, head: known)
            if let fault = report.fault {
                print("\(report.chain.count) entries are as they were written, then \(fault).")
                throw ExitCode.failure
            }
            print("All \(report.chain.count) entries are as they were written.")
            switch report.afterHead {
            case nil: print("There is no head: whether some were removed from the end is not known.")
            case 0: break
            case .some(let count): print("The head does not know of the last \(count).")
            }
        }
    }
}
