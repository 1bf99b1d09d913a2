internal import Access
internal import HTTPTypes
internal import Hummingbird
internal import IO
internal import NIOCore
internal import ServiceLifecycle
internal import Synchronization
internal import Wire

/// Events as they happen, for a program of the clinic's: server-sent events (WHATWG HTML §9.2).
///
/// Each has an identifier, from which the reader goes on after a break; whoever reads too slowly is cut off.
struct EventStream: Sendable {
    let events: RoomEvents
    let session: String

    /// - Parameters:
    ///   - last: The header `Last-Event-ID`.
    ///   - channel: Is closed if the reader is too slow.
    func response(after last: String?, on channel: (any Channel)?) throws(APIProblem) -> Response {
        let progress = Progress()
        guard
            let subscription = events.subscribe(
                after: last.map(number(of:)),
                cutOff: { channel?.close(promise: nil) }
            )
        else {
            throw APIProblem(.conflict, "As many programs read events as may, or the session has ended.")
        }
        let (events, session) = (events, session)
        return Response(
            status: .ok,
            headers: [.contentType: Self.contentType, .cacheControl: "no-store"],
            body: ResponseBody { writer in
                defer { events.unsubscribe(subscription) }
                let beats = Task { await Self.beat(subscription, progress, channel) }
                defer { beats.cancel() }
                var lost = subscription.lost
                try await writer.write(ByteBuffer(string: "retry: 2000\n\n"))
                // It must not keep the room from ending.
                try await withGracefulShutdownHandler {
                    for await item in subscription.items {
                        let text = Self.text(of: item, session: session, lost: lost)
                        if case .event = item { lost = 0 }
                        progress.begin()
                        try await writer.write(ByteBuffer(string: text))
                        progress.end()
                    }
                } onGracefulShutdown: {
                    events.unsubscribe(subscription)
                }
                try await writer.finish(nil)
            }
        )
    }

    /// The number in an identifier; 0, before all others, in one of another session.
    private func number(of identifier: String) -> UInt64 {
        guard let colon = identifier.lastIndex(of: ":"), identifier[..<colon] == session else { return 0 }
        return UInt64(identifier[identifier.index(after: colon)...]) ?? 0
    }

    static func text(of item: RoomEvents.Item, session: String, lost: UInt64) -> String {
        switch item {
        case .heartbeat: ":\n\n"
        case .event(let event):
            """
            id: \(session):\(event.number)
            event: \(event.event.name.rawValue)
            data: \(String(decoding: event.json(session: session, lost: lost).bytes, as: UTF8.self))


            """
        }
    }

    private static func beat(
        _ subscription: RoomEvents.Subscription,
        _ progress: Progress,
        _ channel: (any Channel)?
    ) async {
        while (try? await Task.sleep(for: period)) != nil {
            subscription.beat()
            if progress.isStuck(for: longest, at: .now()) { channel?.close(promise: nil) }
        }
    }

    /// Since when something waits to be taken by the reader.
    private final class Progress: Sendable {
        private let began = Mutex<Instant?>(nil)

        func begin() { began.withLock { $0 = .now() } }
        func end() { began.withLock { $0 = nil } }
        func isStuck(for limit: Interval, at now: Instant) -> Bool {
            began.withLock { began in began.map { now - $0 > limit } ?? false }
        }
    }

    static let contentType = "text/event-stream"
    private static let period = Duration.seconds(15)
    /// How long a reader may leave what it was sent.
    private static let longest = Interval.seconds(30)
}
