import RemoteControl
import Testing
import Wire

/// What a clinician, three clients, the desk and time do in any order, where three may drive at once: every order of the first few,
/// and long ones at random.
@Suite(.timeLimit(.minutes(10))) struct HandsInterleavingTests {
    static let policies: [ControlPolicy] = {
        var (plain, consenting) = (ControlPolicy(), ControlPolicy())
        (plain.hands, consenting.hands) = (3, 3)
        consenting.ask = .both
        consenting.consent = .client
        consenting.limit = .seconds(60)
        return [plain, consenting]
    }()

    @Test(arguments: [0, 1]) func nobodyDrivesWhoMayNot(_ number: Int) {
        let first = Hands(Self.policies[number])
        var (seen, edge): (Set<Hands>, [Hands]) = ([first], [first])
        for _ in 0..<3 {
            var next: [Hands] = []
            for room in edge {
                for deed in Hands.Deed.all {
                    var after = room
                    if let problem = after.carryOut(deed) {
                        Issue.record("\(problem) after \(deed) in \(room)")
                        return
                    }
                    if seen.insert(after).inserted { next.append(after) }
                }
            }
            edge = next
        }
        #expect(seen.count > 500, "nothing happens: \(seen.count) states")
    }

    @Test(arguments: [0, 1]) func norAfterAnyLongTime(_ number: Int) {
        var random = SplitMix64(seed: 300 + UInt64(number))
        var most = 0
        for _ in 0..<60 {
            var room = Hands(Self.policies[number])
            for _ in 0..<500 {
                guard let deed = Hands.Deed.all.randomElement(using: &random) else { return }
                if let problem = room.carryOut(deed) {
                    Issue.record("\(problem) after \(deed)")
                    return
                }
                most = max(most, room.count)
            }
        }
        #expect(most == 3)
    }
}

/// The floor, and what an onlooker who trusts it in nothing knows of it.
private struct Hands: Hashable {
    enum Deed: Hashable {
        case ask(Int), release(Int), give(Int), letDrive(Int, by: Int), stop(Int, by: Int), revoke, lock(
            Int,
            Bool
        )
        case consent(Int, Bool), leave(Int), come(Int), disconnect(Int), reconnect(Int)
        case released(Int), restart, time, turns, endTurns
        case press(Int), forge(Int)

        static let all: [Deed] =
            (1...4).flatMap { [.ask($0), .release($0), .press($0), .forge($0), .letDrive($0, by: 1)] }
            + (2...4).flatMap { [.leave($0), .come($0), .stop($0, by: 1)] }
            + (0...2).flatMap { [.released($0), .released($0)] } + [
                .leave(1), .come(1), .give(2), .give(1), .letDrive(3, by: 2), .stop(2, by: 3), .revoke,
                .lock(2, true), .lock(2, false), .consent(2, true), .consent(3, true), .consent(4, true),
                .consent(3, false), .disconnect(2), .reconnect(2), .restart, .time, .turns, .endTurns,
            ]
    }

    private struct Seat: Hashable {
        var driver: Int?
        var last: UInt32
        var isHeld = false
        var isReleased = true
    }

    private var floor: FloorControl
    private var now = Instant(nanoseconds: 0)
    private var here: Set<Int> = [1, 2, 3, 4]
    /// By hand.
    private var seats = (0...2).map { Seat(last: UInt32($0) << 28) }
    private var locked: Set<Int> = []
    /// Which clients have said yes to the clinician.
    private var consents: Set<Int> = []
    private var told = FloorState()

    init(_ policy: ControlPolicy) {
        floor = FloorControl(policy: policy, idle: .seconds(20))
        for person in 1...4 { floor.setStanding(Self.standing(of: person), of: Self.id(person), now: now) }
        while floor.pollEvent() != nil {}
    }

    var count: Int { seats.filter { $0.driver != nil }.count }

    private static func id(_ person: Int) -> ParticipantID { ParticipantID(UInt64(person)) }

    private static func standing(of person: Int) -> FloorStanding {
        FloorStanding(rights: .all, mayGrant: person == 1, isClient: person != 1)
    }

    /// Returns what is wrong, if anything is.
    mutating func carryOut(_ deed: Deed) -> String? {
        switch deed {
        case .ask(let one): if here.contains(one) { _ = floor.request(by: Self.id(one), now: now) }
        case .release(let one):
            floor.release(by: Self.id(one), now: now)
            if let problem = follow() { return problem }
            if seats.contains(where: { $0.driver == one }) { return "\(one) has released and drives" }
        case .give(let one):
            guard here.isSuperset(of: [1, one]) else { return nil }
            _ = floor.give(to: Self.id(one), by: Self.id(1), now: now)
        case .letDrive(let one, let other):
            guard here.isSuperset(of: [one, other]) else { return nil }
            let isAsked = told.requests.contains { $0.by == Self.id(one) && $0.of.contains(Self.id(other)) }
            let answer = floor.letDrive(Self.id(one), by: Self.id(other), now: now)
            if case .denied = answer { break }
            if other != 1, !isAsked { return "\(other) lets drive and may not" }
        case .stop(let one, let other):
            guard here.contains(other) else { return nil }
            if floor.stopDriving(Self.id(one), by: Self.id(other), now: now) != (other == 1) {
                return "a stop by \(other)"
            }
            if let problem = follow() { return problem }
            if other == 1, seats.contains(where: { $0.driver == one }) {
                return "\(one) was stopped and drives"
            }
        case .revoke:
            guard here.contains(1) else { return nil }
            floor.revoke(by: Self.id(1), now: now)
            if let problem = follow() { return problem }
            if count > 0 { return "somebody drives after a revoke" }
        case .lock(let one, let isOn):
            guard here.contains(1) else { return nil }
            floor.restrict(.lock, Self.id(one), to: isOn, by: Self.id(1), now: now)
            if isOn { locked.insert(one) } else { locked.remove(one) }
        case .consent(let one, let isGiven):
            guard let asked = told.consents.first(where: { $0.of == Self.id(one) }) else { return nil }
            // Before: control may follow at once.
            if isGiven { consents.insert(one) } else { consents.remove(one) }
            floor.consent(asked.id, isGiven: isGiven, by: Self.id(one), now: now)
        case .leave(let one):
            here.remove(one)
            consents.remove(one)
            if one == 1 { (consents, locked) = ([], []) }
            floor.handleDeparture(of: Self.id(one), now: now)
        case .come(let one):
            guard here.insert(one).inserted else { return nil }
            floor.setStanding(Self.standing(of: one), of: Self.id(one), now: now)
        case .disconnect(let one): floor.handleDisconnect(of: Self.id(one), now: now)
        case .reconnect(let one): floor.handleReconnect(of: Self.id(one), now: now)
        case .released(let hand):
            seats[hand].isReleased = true
            if let further = FurtherHand(rawValue: UInt8(hand)) {
                floor.handleReleased(further, now: now)
            } else {
                floor.handleReleased(now: now)
            }
        case .restart:
            floor.handleDeskRestart(now: now)
            if let problem = follow() { return problem }
            if count > 0 { return "somebody drives a desk that has just stopped" }
        case .time:
            now = max(now, floor.pollTimeout() ?? now)
            floor.handleTimeout(now: now)
        case .turns:
            _ = floor.takeTurns([Self.id(2), Self.id(3)], for: .seconds(30), by: Self.id(1), now: now)
        case .endTurns: _ = floor.endTurns(by: Self.id(1), now: now)
        case .press(let one), .forge(let one):
            guard let key = Keysym("a") else { return "no key" }
            for hand in seats.indices {
                var lease = LeaseID(seats[hand].last)
                if case .forge = deed { lease.rawValue += 1 }
                let bytes = ControlEvent(lease: lease, clientTime: 0, action: .keyDown(key)).encoded()
                guard case .forward = floor.accept(bytes.span.bytes, from: Self.id(one), now: now) else {
                    continue
                }
                guard seats[hand].driver == one, lease.rawValue == seats[hand].last, !locked.contains(one)
                else {
                    return "\(one) drives with hand \(hand)"
                }
                seats[hand].isHeld = true
            }
        }
        return follow()
    }

    /// Takes in what the floor says, and looks at what is true afterwards.
    private mutating func follow() -> String? {
        while let event = floor.pollEvent() {
            switch event {
            case .granted(let id, let participant, _, _):
                let (hand, person) = (id.hand, Int(participant.rawValue))
                if seats[hand].driver != nil { return "two have one hand" }
                if seats.contains(where: { $0.driver == person }) { return "\(person) gets a second hand" }
                if id.rawValue <= seats[hand].last { return "a lease twice" }
                if seats[hand].isHeld || !seats[hand].isReleased {
                    return "the desk may still hold something"
                }
                if !here.contains(person) { return "\(person) has left and gets control" }
                if locked.contains(person) { return "\(person) is to watch and gets control" }
                if floor.policy.consent == .client, person == 1,
                    !consents.isSuperset(of: here.subtracting([1]))
                {
                    return "control without consent"
                }
                (seats[hand].driver, seats[hand].last) = (person, id.rawValue)
            case .ended(let id, let participant, _, _):
                let seat = seats[id.hand]
                if Int(participant.rawValue) != seat.driver || id.rawValue != seat.last {
                    return "the end of what was none"
                }
                if seat.isHeld { return "something stays held" }
                seats[id.hand].driver = nil
            case .releaseAll: (seats[0].isHeld, seats[0].isReleased) = (false, false)
            case .releaseHand(let hand):
                (seats[Int(hand.rawValue)].isHeld, seats[Int(hand.rawValue)].isReleased) = (false, false)
            case .state(let state): told = state
            case .changed, .consentGiven, .consentRefused, .declined, .expiring, .requested: break
            }
        }
        let drivers = seats.map { seat in seat.driver.map { Self.id($0) } }
        if floor.holder != drivers[0] { return "nobody is told who has control" }
        if Set(told.hands.map(\.of)) != Set(drivers.dropFirst().compactMap(\.self)) {
            return "nobody is told who drives"
        }
        for person in seats.compactMap(\.driver) where locked.contains(person) || !here.contains(person) {
            return "\(person) may not drive"
        }
        for request in told.requests where drivers.contains(request.by) {
            return "\(request.by) waits for nothing"
        }
        if let turns = told.turns, !turns.isPaused, !told.hands.isEmpty { return "two drive in one's turn" }
        return nil
    }
}
