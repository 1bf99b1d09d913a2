import Access
import Audit
import Glibc

/// A process that writes to an audit until it is killed, or has written enough.
///
///     audit-writer PATH COUNT [LIMIT]
///
/// It writes a dot to standard output for each entry that is on the disk. With a limit the file may have so many bytes
/// at first: each entry that does not fit is told by an exclamation mark, after the third of which there is none.
@main struct AuditWriter {
    static func main() {
        let arguments = CommandLine.arguments.dropFirst()
        guard arguments.count >= 2, let path = arguments.first, let count = Int(arguments[2]) else { exit(2) }
        if arguments.count > 2, let limit = Int(arguments[3]) {
            signal(SIGXFSZ, SIG_IGN)
            setLimit(rlim_t(limit))
        }
        do throws(AuditError) {
            let file = try AuditFile(path, now: now)
            var failures = 0
            for number in 1...count {
                do throws(AuditError) {
                    try file.append(
                        .waiting(AuditPerson(number: UInt64(number), subject: nil, role: .client)),
                        at: now
                    )
                    tell(".")
                } catch {
                    guard case .notWritten = error else { throw error }
                    tell("!")
                    failures += 1
                    if failures == 3 { setLimit(.max) }
                }
            }
        } catch {
            tell("\n\(error)\n")
            exit(1)
        }
    }

    /// The time is of no importance here.
    private static let now = AuditTime(milliseconds: 1_800_000_000_000)

    private static func tell(_ text: String) {
        _ = write(1, text, text.utf8.count)
    }

    private static func setLimit(_ bytes: rlim_t) {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
        limit.rlim_cur = min(bytes, limit.rlim_max)
        setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
    }
}
