internal import Dispatch
internal import Foundation
internal import IO
internal import Participant
internal import Synchronization
internal import WebRTC
internal import Wire

/// Somebody who drives the desk: a thread that sends a thousand messages a second, at times that follow nothing else,
/// by turns over two channels (`bench-room` says which).
final class InputDriver: Sendable {
    private let isStopping = Atomic(false)
    private let hasEnded = DispatchSemaphore(value: 0)

    init(_ configuration: ParticipantConfiguration) {
        let thread = Thread { [self] in
            do {
                try drive(configuration)
            } catch {
                print("input: \(error)")
            }
            hasEnded.signal()
        }
        thread.start()
    }

    func stop() {
        isStopping.store(true, ordering: .relaxed)
        hasEnded.wait()
    }

    private func drive(_ configuration: ParticipantConfiguration) throws {
        let person = try ParticipantSocket(Participant(configuration))
        person.act { participant, queue in participant.start(now: .now(), into: &queue) }
        var random = SplitMix64(seed: configuration.seed)
        var streams: [UInt16] = []
        var turn = 0
        while !isStopping.load(ordering: .relaxed) {
            usleep(.random(in: 200...1_800, using: &random))
            person.receive(now: .now())
            if let due = person.pollTimeout(), due <= .now() { person.handleTimeout(now: .now()) }
            guard person.participant.channelsState == .connected else { continue }
            guard streams.count == Self.labels.count else {
                streams.append(
                    try person.act { participant, queue throws(DataChannelError) in
                        try participant.openChannel(
                            DataChannelParameters(label: Self.labels[streams.count]),
                            now: .now(),
                            into: &queue
                        )
                    }
                )
                continue
            }
            while person.participant.pollEvent() != nil {}
            turn += 1
            let stream = streams[turn % streams.count]
            try person.act { participant, queue throws(DataChannelError) in
                let now = Instant.now()
                let time = withUnsafeBytes(of: UInt64(now.nanoseconds).bigEndian) { [UInt8]($0) }
                try participant.send(time, on: stream, now: now, into: &queue)
            }
        }
    }

    private static let labels = ["direct", "in-turn"]
}
