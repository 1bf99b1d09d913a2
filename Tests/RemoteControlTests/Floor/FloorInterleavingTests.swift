import RemoteControl
import Testing
import Wire

/// Every order of up to ``depth`` of all the things that a clinician, two clients, the desk and time can do, under each
/// kind of policy; states that have been met are not gone on from twice.
@Suite(.timeLimit(.minutes(10))) struct FloorInterleavingTests {
    /// From a free desk with all three in the room: 12 236, 22 793 and 10 731 different states of the three policies, reached by
    /// 129 688, 191 393 and 116 831 steps.
    static let depth = 5

    static let policies: [ControlPolicy] = {
        var (consenting, asking) = (ControlPolicy(), ControlPolicy())
        consenting.ask = .both
        consenting.consent = .client
        consenting.limit = .seconds(60)
        asking.ask = .clinician
        asking.free = .ask
        return [ControlPolicy(), consenting, asking]
    }()

    @Test(arguments: 0..<policies.count) func nobodyDrivesWhoMayNot(_ number: Int) {
        let first = Room(Self.policies[number])
        var (seen, edge): (Set<Room>, [Room]) = ([first], [first])
        var steps = 0
        for _ in 0..<Self.depth {
            var next: [Room] = []
            for room in edge {
                for event in Room.Deed.all {
                    var after = room
                    steps += 1
                    if let problem = after.carryOut(event) {
                        Issue.record("\(problem) after \(event) in \(room)")
                        return
                    }
                    if seen.insert(after).inserted { next.append(after) }
                }
            }
            edge = next
        }
        print("policy \(number), depth \(Self.depth): \(seen.count) states, \(steps) steps")
        #expect(steps > 10_000 && seen.count > 1_000, "nothing happens: \(steps) steps, \(seen.count) states")
    }

    /// Likewise while the clinician has them take turns: whose turn it is drives, and nobody waits.
    @Test(arguments: [0, 1]) func norWhileTheyTakeTurns(_ number: Int) {
        var random = SplitMix64(seed: 77 + UInt64(number))
        var turns = 0
        for _ in 0..<150 {
            var room = Room(Self.policies[number])
            for _ in 0..<300 {
                guard let event = (Room.Deed.all + Room.Deed.turns).randomElement(using: &random) else {
                    return
                }
                if let problem = room.carryOut(event) {
                    Issue.record("\(problem) after \(event)")
                    return
                }
                if room.hasTurn { turns += 1 }
            }
        }
        #expect(turns > 1_000, "turns are taken: \(turns)")
    }

    /// Long ones, at random.
    @Test(arguments: 0..<policies.count) func norAfterAnyLongTime(_ number: Int) {
        var random = SplitMix64(seed: UInt64(number))
        for _ in 0..<40 {
            var room = Room(Self.policies[number])
            for _ in 0..<500 {
                guard let event = Room.Deed.all.randomElement(using: &random) else { return }
                if let problem = room.carryOut(event) {
                    Issue.record("\(problem) after \(event)")
                    return
                }
            }
        }
    }
}

/// The floor, and what an onlooker who trusts it in nothing knows of it.
private struct Room: Hashable {
    enum Deed: Hashable {
        case ask(Int), release(Int), give(Int, by: Int), decline(Int, by: Int), revoke(Int)
        case lock(Int?, Bool), eyes(Int?, Bool), consent(Int, Bool)
        case leave(Int), come(Int), hide(Int), disconnect(Int), reconnect(Int)
        case released, restart, time
        case press(Int), forge(Int)
        case takeTurns([Int]), endTurns, pass(Int), resume

        static let turns: [Deed] = [
            .takeTurns([2, 3]), .takeTurns([3, 1, 2]), .takeTurns([2, 1]), .resume, .resume, .endTurns,
            .pass(1),
            .pass(2), .pass(3), .released, .released, .come(1), .come(2), .come(3), .reconnect(2),
            .lock(nil, false),
        ]
        static let all: [Deed] =
            (1...3).flatMap { [.ask($0), .release($0), .leave($0), .come($0), .press($0), .forge($0)] } + [
                .give(2, by: 1), .give(1, by: 1), .give(3, by: 2), .give(2, by: 3), .decline(2, by: 1),
                .decline(3, by: 2), .decline(1, by: 2), .revoke(1), .revoke(2), .lock(2, true),
                .lock(2, false),
                .lock(nil, true), .lock(nil, false), .eyes(3, true), .eyes(nil, true), .eyes(nil, false),
                .consent(2, true), .consent(3, true), .consent(3, false), .disconnect(2), .reconnect(2),
                .hide(2),
                .released, .restart, .time,
            ]
    }

    private var floor: FloorControl
    private var now = Instant(nanoseconds: 0)
    private var here: Set<Int> = [1, 2, 3]
    private var holder: Int?
    private var last: UInt32 = 0
    private var isHeld = false
    private var isReleased = true
    private var told = FloorState()
    /// Who is to watch: of everybody, and for whom the contrary is true.
    private var locks: [Bool: Set<Int>] = [false: []]
    private var eyes: [Bool: Set<Int>] = [false: []]
    /// Which clients have said yes to the clinician.
    private var consents: Set<Int> = []
    /// To whom control was given by somebody who could.
    private var approved: Set<Int> = []

    init(_ policy: ControlPolicy) {
        floor = FloorControl(policy: policy, idle: .seconds(20))
        for person in 1...3 { floor.setStanding(Self.standing(of: person), of: Self.id(person), now: now) }
        while floor.pollEvent() != nil {}
    }

    private static func id(_ person: Int) -> ParticipantID { ParticipantID(UInt64(person)) }

    private static func standing(of person: Int) -> FloorStanding {
        FloorStanding(rights: .all, mayGrant: person == 1, isClient: person != 1)
    }

    private func isRestricted(_ person: Int) -> Bool {
        [locks, eyes].contains { rule in
            guard let (isForAll, exceptions) = rule.first else { return false }
            return exceptions.contains(person) ? !isForAll : isForAll && person != 1
        }
    }

    private static func set(_ rule: inout [Bool: Set<Int>], _ person: Int?, _ isOn: Bool) {
        guard let (isForAll, exceptions) = rule.first, let person else { return rule = [isOn: []] }
        rule = [isForAll: isOn == isForAll ? exceptions.subtracting([person]) : exceptions.union([person])]
    }

    /// Returns what is wrong, if anything is.
    mutating func carryOut(_ deed: Deed) -> String? {
        switch deed {
        case .ask(let one): if here.contains(one) { _ = floor.request(by: Self.id(one), now: now) }
        case .release(let one):
            floor.release(by: Self.id(one), now: now)
            if holder != one { approved.remove(one) }
        case .give(let one, let other):
            guard here.isSuperset(of: [one, other]) else { return nil }
            let isAsked = told.requests.contains { $0.by == Self.id(one) && $0.of.contains(Self.id(other)) }
            let answer = floor.give(to: Self.id(one), by: Self.id(other), now: now)
            if case .denied = answer { break }
            if other != 1, !isAsked { return "\(other) gave what they may not" }
            approved.insert(one)
        case .decline(let one, let other):
            if here.contains(other) { floor.decline(Self.id(one), by: Self.id(other), now: now) }
        case .revoke(let one):
            let isDone = here.contains(one) && floor.revoke(by: Self.id(one), now: now)
            if isDone != (one == 1 && here.contains(1)) { return "a revoke by \(one) is \(isDone)" }
            if isDone, floor.holder != nil { return "somebody has control after a revoke" }
        case .lock(let one, let isOn):
            guard here.contains(1) else { return nil }
            floor.restrict(.lock, one.map { Self.id($0) }, to: isOn, by: Self.id(1), now: now)
            Self.set(&locks, one, isOn)
        case .eyes(let one, let isOn):
            guard here.contains(1) else { return nil }
            floor.restrict(.eyesOnMe, one.map { Self.id($0) }, to: isOn, by: Self.id(1), now: now)
            Self.set(&eyes, one, isOn)
        case .consent(let one, let isGiven):
            guard let asked = told.consents.first(where: { $0.of == Self.id(one) }) else { return nil }
            // Before: control may follow at once.
            if isGiven { consents.insert(one) } else { consents.remove(one) }
            floor.consent(asked.id, isGiven: isGiven, by: Self.id(one), now: now)
        case .leave(let one):
            here.remove(one)
            consents.remove(one)
            approved.remove(one)
            if one == 1 { (consents, locks, eyes) = ([], [false: []], [false: []]) }
            floor.handleDeparture(of: Self.id(one), now: now)
        case .come(let one):
            guard here.insert(one).inserted else { return nil }
            floor.setStanding(Self.standing(of: one), of: Self.id(one), now: now)
        case .hide(let one): floor.handleVisibility(of: Self.id(one), isHidden: true, now: now)
        case .disconnect(let one): floor.handleDisconnect(of: Self.id(one), now: now)
        case .reconnect(let one): floor.handleReconnect(of: Self.id(one), now: now)
        case .released:
            isReleased = true
            floor.handleReleased(now: now)
        case .restart:
            floor.handleDeskRestart(now: now)
            if let problem = follow() { return problem }
            if holder != nil { return "somebody has control of a desk that has just stopped" }
        case .time:
            now = max(now, floor.pollTimeout() ?? now)
            floor.handleTimeout(now: now)
        case .takeTurns(let people):
            let refusal = floor.takeTurns(
                people.map { Self.id($0) },
                for: .seconds(30),
                by: Self.id(1),
                now: now
            )
            let isTooFew = here.intersection(people).count < 2
            if here.contains(1), (refusal == .tooFew) != isTooFew {
                return "turns of \(people): \(String(describing: refusal))"
            }
            if !here.contains(1), refusal != .mayNot { return "turns without anybody who may" }
        case .endTurns: _ = floor.endTurns(by: Self.id(1), now: now)
        case .pass(let one): _ = floor.passTurn(by: Self.id(one), now: now)
        case .resume: _ = floor.resumeTurns(by: Self.id(1), now: now)
        case .press(let one), .forge(let one):
            guard let key = Keysym("a") else { return "no key" }
            var lease = LeaseID(last)
            if case .forge = deed { lease.rawValue += 1 }
            let bytes = ControlEvent(lease: lease, clientTime: 0, action: .keyDown(key)).encoded()
            guard case .forward = floor.accept(bytes.span.bytes, from: Self.id(one), now: now) else { break }
            guard one == holder, lease.rawValue == last, !isRestricted(one) else { return "\(one) drives" }
            isHeld = true
        }
        return follow()
    }

    /// Takes in what the floor says, and looks at what is true afterwards.
    private mutating func follow() -> String? {
        while let event = floor.pollEvent() {
            switch event {
            case .granted(let id, let participant, _, _):
                let person = Int(participant.rawValue)
                if holder != nil { return "two have control" }
                if id.rawValue <= last { return "a lease twice" }
                if isHeld || !isReleased { return "the desk may still hold something" }
                if !here.contains(person) { return "\(person) has left and gets control" }
                if isRestricted(person) { return "\(person) is to watch and gets control" }
                if floor.policy.consent == .client, person == 1,
                    !consents.isSuperset(of: here.subtracting([1]))
                {
                    return "control without consent"
                }
                if floor.policy.free == .ask, person != 1, !approved.contains(person) {
                    return "\(person) gets control without an answer"
                }
                (holder, last) = (person, id.rawValue)
            case .ended(let id, let participant, _, _):
                let person = Int(participant.rawValue)
                if person != holder || id.rawValue != last { return "the end of what was none" }
                if isHeld { return "something stays held" }
                approved.remove(person)
                holder = nil
            case .releaseAll: (isHeld, isReleased) = (false, false)
            case .releaseHand: return "a hand that nobody has"
            case .state(let state): told = state
            case .changed, .consentGiven, .consentRefused, .declined, .expiring, .requested: break
            }
        }
        if floor.holder.map({ Int($0.rawValue) }) != holder { return "nobody is told who has control" }
        if told.holder != floor.holder || told.lease != floor.leaseID { return "what is told is not what is" }
        if let holder, isRestricted(holder) || !here.contains(holder) {
            return "\(holder) may not have control"
        }
        for person in told.requests.map({ Int($0.by.rawValue) })
        where isRestricted(person) || person == holder {
            return "\(person) waits for nothing"
        }
        if let problem = followTurns() { return problem }
        let waits = !told.requests.isEmpty || told.consents.contains { !$0.isGiven }
        if waits, floor.pollTimeout() == nil { return "a question without an end" }
        for person in 1...3 where here.contains(person) {
            if told.locked.contains(Self.id(person)) != isRestricted(person) {
                return "\(person) is told a lie"
            }
        }
        return nil
    }

    var hasTurn: Bool { told.turns?.current != nil }

    private func followTurns() -> String? {
        guard let turns = told.turns else { return nil }
        if !told.requests.isEmpty { return "somebody waits although they take turns" }
        if !here.contains(1) { return "nobody is left who could end the turns" }
        if !turns.order.allSatisfy({ here.contains(Int($0.rawValue)) }) {
            return "the turn of somebody who has left"
        }
        if turns.isPaused, turns.current != nil { return "somebody's turn during a pause" }
        if turns.next == turns.current, turns.next != nil { return "the present one is next" }
        if let holder, !turns.isPaused, turns.order.contains(Self.id(holder)),
            turns.current != Self.id(holder)
        {
            return "\(holder) drives, and it is not their turn"
        }
        if let holder, let current = turns.current, current != Self.id(holder) {
            // Whose consent is asked for meanwhile, and nobody else's turn.
            return "it is the turn of \(current), and \(holder) drives"
        }
        return nil
    }
}
