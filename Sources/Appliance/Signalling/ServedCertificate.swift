package import Logging
internal import ServiceLifecycle
internal import Synchronization
package import TLS

/// The certificate that the page is served with: each new connection gets the newest that is of use.
///
/// One of files is read again when they change, as whoever renews it replaces them; ``read(_:)`` looks, and is to be called
/// now and then.
package final class ServedCertificate: Sendable {
    private struct State {
        var context: TLSContext
        /// Of what was read last.
        var stamps: [FileStamp?]
        /// Of what was found and is of no use, yet or at all.
        var refused: [FileStamp?]?
        /// Whether that was so twice: who replaces two files does it one after the other.
        var isRefused = false
    }

    /// Chain and key.
    private let files: [String]
    private let state: Mutex<State>

    /// One that stays.
    package init(_ context: TLSContext) {
        files = []
        state = Mutex(State(context: context, stamps: []))
    }

    package init(chainFile: String, keyFile: String) throws(TLSError) {
        files = [chainFile, keyFile]
        let stamps = [FileStamp(chainFile), FileStamp(keyFile)]
        state = Mutex(State(context: try TLSContext(chainFile: chainFile, keyFile: keyFile), stamps: stamps))
    }

    /// For a new connection.
    package var context: TLSContext { state.withLock { $0.context } }

    /// When it is valid, in seconds since 1970.
    package var validity: ClosedRange<Int64>? { context.validity }

    /// Whether the files have another one, which cannot be used.
    package var isNewerRefused: Bool { state.withLock { $0.isRefused } }

    /// Reads the files again if they have changed; what cannot be used is said once, and the one of before holds.
    package func read(_ log: Logger) {
        guard files.count == 2 else { return }
        // Taken first: what is written while they are read is another change.
        let now = files.map { FileStamp($0) }
        let (stamps, refused) = state.withLock { ($0.stamps, $0.refused) }
        guard now != stamps || refused != nil else { return }
        do throws(TLSError) {
            let context = try TLSContext(chainFile: files[0], keyFile: files[1])
            state.withLock { $0 = State(context: context, stamps: now) }
            let rest = (context.validity?.upperBound ?? 0) - RoomClock.milliseconds / 1_000
            log.notice(
                "The page's certificate was read again",
                metadata: ["daysLeft": "\(rest / 86_400)"]
            )
        } catch {
            let isNews = state.withLock { state in
                defer { state.refused = now }
                guard state.refused == now, !state.isRefused else {
                    if state.refused != now { state.isRefused = false }
                    return false
                }
                state.isRefused = true
                return true
            }
            guard isNews else { return }
            log.warning(
                "The page's certificate or key has changed and cannot be used; the one of before holds",
                metadata: ["reason": "\(error.reason)"]
            )
        }
    }
}

/// Looks for a renewed certificate, for as long as the room runs.
struct CertificateWatch: Service, CustomStringConvertible {
    let certificate: ServedCertificate
    let log: Logger

    var description: String { "certificate" }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while (try? await Task.sleep(for: Self.period)) != nil { certificate.read(log) }
        }
    }

    private static let period = Duration.seconds(60)
}
