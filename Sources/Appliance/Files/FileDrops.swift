internal import IO
internal import RemoteControl
internal import Wire

/// Files that somebody has dropped at a place on the desk, and that are there now: one after the other is dropped on what is there,
/// as long as the person has the pointer under the lease that they had it under.
@SessionActor final class FileDrops {
    private struct Drop {
        var number: FileMessage.Transfer
        var put: FileMessage.Put
        var name: String
        var person: ParticipantID
    }

    private let relay: ControlRelay
    private let link: FileLink?
    /// The first is being dropped.
    private var drops: [Drop] = []
    private let alarm = Alarm()

    init(relay: ControlRelay, link: FileLink?) {
        self.relay = relay
        self.link = link
    }

    func stop() { alarm.stop() }

    func add(
        _ number: FileMessage.Transfer,
        _ put: FileMessage.Put,
        name: String,
        by person: ParticipantID
    ) async {
        // The others lie in the folder.
        guard drops.count < Self.most else { return }
        drops.append(Drop(number: number, put: put, name: name, person: person))
        if drops.count == 1 { await begin() }
    }

    /// The desk says that an application has it, or does not take it.
    func handleDone(_ number: FileMessage.Transfer) async {
        guard drops.first?.number == number else { return }
        drops.removeFirst()
        await begin()
    }

    func handleDeskGone() {
        drops = []
        alarm.set(nil) {}
    }

    private func begin() async {
        while let drop = drops.first {
            if await relay.mayPoint(drop.person, under: drop.put.lease) {
                // The desk may be another one by now.
                guard drops.first?.number == drop.number else { continue }
                await link?.send(.drop(drop.number, x: drop.put.x, y: drop.put.y, name: drop.name))
                return watch()
            }
            if drops.first?.number == drop.number { drops.removeFirst() }
        }
        alarm.set(nil) {}
    }

    private func watch() {
        alarm.set(.now() + Self.interval) {
            guard let drop = self.drops.first else { return }
            if await self.relay.mayPoint(drop.person, under: drop.put.lease) { return self.watch() }
            guard self.drops.first?.number == drop.number else { return }
            self.drops.removeFirst()
            await self.link?.send(.cancel(drop.number, isForNow: false))
            await self.begin()
        }
    }

    private static let interval = Interval.milliseconds(200)
    private static let most = 64
}
