internal import Access
internal import IO
package import Logging
internal import ServiceLifecycle
internal import Synchronization
package import TLS
internal import Wire

/// Brings events to the clinic's back end, in order, each until it has been taken; ``append(_:)`` returns at once.
package final class Webhook: Service, CustomStringConvertible {
    /// For the log, which must not show the secret.
    package var description: String { "webhook" }

    private let queue: Mutex<WebhookQueue>
    private let request: WebhookRequest
    private let signature: WebhookSignature
    private let session: String
    private let log: Logger
    private let wakes: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation

    /// - Parameter tls: What vouches for the receiver; `nil` for plain HTTP.
    package init(
        _ address: WebhookAddress,
        tls: TLSContext?,
        signature: WebhookSignature,
        capacity: Int,
        session: String,
        log: Logger
    ) {
        queue = Mutex(WebhookQueue(capacity: capacity))
        request = WebhookRequest(address: address, tls: tls)
        self.signature = signature
        self.session = session
        self.log = log
        (wakes, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    package func append(_ event: NumberedEvent) {
        let (isFirst, capacity) = queue.withLock { ($0.append(event), $0.capacity) }
        if isFirst {
            log.warning(
                "More events wait than may; the oldest are lost, and the next one says how many",
                metadata: ["events.queue": "\(capacity)"]
            )
        }
        wake.yield()
    }

    /// As it is now, for metrics.
    package var state: WebhookQueue { queue.withLock { $0 } }

    /// Delivers until the room ends, and then what is left as far as the receiver takes it at once.
    package func run() async {
        await withGracefulShutdownHandler {
            var alarm: Task<Void, Never>?
            for await _ in wakes {
                alarm?.cancel()
                while let delivery = queue.withLock({ $0.pollDelivery(now: .now()) }) {
                    await deliver(delivery)
                }
                guard let due = queue.withLock({ $0.pollTimeout() }) else { continue }
                alarm = Task {
                    let left = max(0, (due - .now()).nanoseconds)
                    guard (try? await Task.sleep(for: .nanoseconds(left))) != nil else { return }
                    self.wake.yield()
                }
            }
            alarm?.cancel()
        } onGracefulShutdown: {
            self.wake.finish()
        }
        _ = await Heartbeat<Bool> { await self.deliverRest() }.check(within: Self.farewell)
    }

    /// What is left, as long as the receiver takes it.
    private func deliverRest() async -> Bool {
        while let delivery = queue.withLock({ $0.pollDelivery(now: Self.end) }) {
            guard await deliver(delivery) else { return false }
        }
        return true
    }

    @discardableResult
    private func deliver(_ delivery: WebhookQueue.Delivery) async -> Bool {
        let body = delivery.event.json(session: session, lost: delivery.lost).bytes
        let id = "\(session)-\(delivery.event.number)"
        let time = RoomClock.milliseconds / 1_000
        let answer = try? await request.post(
            body,
            headers: [
                ("Content-Type", "application/json"), ("webhook-id", id), ("webhook-timestamp", String(time)),
                ("webhook-signature", signature.header(id: id, time: time, body: body) ?? ""),
            ]
        )
        let isTaken = answer?.isTaken == true
        let isFirst = queue.withLock { queue in
            guard isTaken else {
                queue.handleFailure(
                    now: .now(),
                    retryAfter: answer?.retryAfter.map { .seconds(max(0, min($0, 3_600))) },
                    random: .random(in: 0...1)
                )
                return delivery.attempt == 0
            }
            queue.handleTaken()
            return delivery.attempt > 0
        }
        if isFirst {
            let status = answer.map { String($0.status) } ?? "none"
            if isTaken {
                log.info("Events are taken again")
            } else {
                log.warning(
                    "Events are not taken; they are kept and tried again",
                    metadata: ["status": "\(status)"]
                )
            }
        }
        return isTaken
    }

    /// How long the end of the room may wait for the receiver.
    private static let farewell = Interval.seconds(2)
    /// No pause is left then.
    private static let end = Instant(nanoseconds: .max)
}
