import CX11
import Glibc
import IO
import RemoteControl
import TestSupport
import Testing
import Wire

/// Whatever is lost on the way, nothing stays down that nobody holds.
///
/// Random keys and buttons of a page on virtual time, into a real X server. `DESKROOM_HELD_EVENTS` says how many.
@Suite(.serialized, .timeLimit(.minutes(10))) struct HeldAgreementTests {
    // The server last: Xlib ends a process whose server goes before its connections.
    private let screen: DeskScreen
    private let client: XClient
    private let server: XServer

    init() throws {
        server = try XServer()
        client = try XClient(display: server.display)
        screen = try DeskScreen(display: server.display)
    }

    @Test func nothingIsDownASecondAfterThePageIsGone() throws {
        let count = getenv("DESKROOM_HELD_EVENTS").flatMap { Int(String(cString: $0)) } ?? 3_000
        var desk = Desk(screen, client, try Self.keys())
        var random = SplitMix64(seed: 7)
        var faults = 0
        for number in 0..<count {
            desk.step(&random)
            guard Int.random(in: 0..<40, using: &random) == 0 else { continue }
            faults += 1
            let fault = Desk.Fault.allCases.randomElement(using: &random) ?? .cut
            #expect(desk.fault(fault, &random) == [], "\(fault) after \(number) events")
        }
        desk.end()
        #expect(client.isAnythingDown == false)
        #expect(faults > count / 100)
        print("\(count) events, \(faults) faults, \(desk.released) let go of by agreement")
    }

    private static func keys() throws -> [DeskKey] {
        let named: [(Int32, UInt8)] = [
            (XK_Shift_L, 50), (XK_Shift_R, 62), (XK_Control_L, 37), (XK_Alt_L, 64), (XK_Super_L, 133),
            (XK_ISO_Level3_Shift, 108), (XK_Return, 36), (XK_Left, 113), (XK_F5, 71), (XK_KP_Enter, 104),
        ]
        let characters: [(Unicode.Scalar, UInt8)] = [
            ("a", 38), ("A", 38), ("w", 25), ("z", 29), ("y", 52), ("1", 10), ("!", 10), ("<", 94), ("é", 11),
            ("ж", 47), ("中", 0), ("😀", 0), ("@", 24), (" ", 65), ("с", 54), ("ß", 20), ("€", 26),
        ]
        return try named.map { keysym, place in
            DeskKey(
                try #require(Keysym(rawValue: UInt32(keysym))),
                at: try #require(KeyPlace(rawValue: place))
            )
        }
            + characters.map { character, place in
                DeskKey(try #require(Keysym(character)), at: try #require(KeyPlace(rawValue: place)))
            }
    }
}

/// A page and a desk, on virtual time.
private struct Desk {
    enum Fault: CaseIterable {
        /// What the page sends does not arrive any more, and nobody tells the desk.
        case cut
        /// The page is frozen in the middle of everything.
        case hidden
        /// Somebody else has the lease, and does not say much.
        case revoked
        /// A release does not arrive, and the page goes on.
        case lost
        /// A program of the desk holds something.
        case foreign
    }

    let screen: DeskScreen
    let client: XClient
    let all: [DeskKey]
    private var tenancy = SeatTenancy()
    private var now = Instant(nanoseconds: 1_000_000_000)
    private var lease = LeaseID(1)
    private var keys: [DeskKey] = []
    private var buttons: Set<PointerButton> = []
    private var nextState: Instant?
    private(set) var released = 0

    init(_ screen: DeskScreen, _ client: XClient, _ all: [DeskKey]) {
        (self.screen, self.client, self.all) = (screen, client, all)
    }

    /// One event of a page that is well.
    mutating func step(_ random: inout SplitMix64) {
        let point = DeskPoint(x: UInt16.random(in: 0..<1_280, using: &random), y: 300)
        switch Int.random(in: 0..<10, using: &random) {
        case 0...3:
            guard let key = all.randomElement(using: &random), keys.count < HeldInput.maximumKeys else {
                break
            }
            if !keys.contains(key) { keys.append(key) }
            send(.keyDown(key.keysym, at: key.place))
        case 4...6:
            guard let key = keys.randomElement(using: &random) else { break }
            keys.removeAll { $0 == key }
            send(.keyUp(key.keysym, at: key.place))
        case 7:
            guard let button = PointerButton.allCases.randomElement(using: &random) else { break }
            buttons.insert(button)
            send(.buttonDown(button, at: point))
        case 8:
            guard let button = buttons.randomElement(using: &random) else { break }
            buttons.remove(button)
            send(.buttonUp(button, at: point))
        default:
            send(.pointerMove(point))
        }
        wait(.milliseconds(Int64.random(in: 0..<60, using: &random)))
    }

    /// Something goes wrong; returns what is down a second later that nobody holds.
    mutating func fault(_ fault: Fault, _ random: inout SplitMix64) -> [String] {
        switch fault {
        case .cut, .hidden:
            if fault == .cut { for _ in 0..<5 { stepUnheard(&random) } }
            nextState = nil
            wait(.milliseconds(1_050), isPageThere: false)
            forget()
            return stuck
        case .revoked:
            let before = lease
            lease = LeaseID(before.rawValue + 1)
            forget()
            send(.pointerMove(DeskPoint(x: 1, y: 1)))
            // What was under way.
            let late = ControlEvent(lease: before, clientTime: 0, action: .keyDown(all[0].keysym))
            if tenancy.admit(late.lease) != .outdated { screen.inject(late, now: now) }
            wait(.milliseconds(1_050))
            return stuck
        case .lost:
            if let key = keys.last { keys.removeAll { $0 == key } }
            buttons.removeAll()
            wait(.milliseconds(1_050))
            return stuck
        case .foreign:
            client.hold(keycode: 57, button: 2)
            buttons.insert(.left)
            send(.buttonDown(.left, at: DeskPoint(x: 9, y: 9)))
            wait(.milliseconds(1_050))
            return stuck
        }
    }

    /// What is down and nobody holds.
    private var stuck: [String] {
        // The server takes requests of two connections in any order.
        screen.synchronize()
        var stuck: [String] = []
        if client.keycodesDown > keys.count { stuck.append("keys") }
        let mask = buttons.reduce(UInt32(0)) { $0 | UInt32(Button1Mask) << (UInt32($1.rawValue) - 1) }
        if client.buttonsDown & ~mask != 0 { stuck.append("buttons") }
        return stuck
    }

    mutating func end() {
        forget()
        wait(.milliseconds(1_050), isPageThere: false)
        screen.synchronize()
    }

    /// The page presses and lets go, and nobody hears of it.
    private mutating func stepUnheard(_ random: inout SplitMix64) {
        if let key = keys.randomElement(using: &random) { keys.removeAll { $0 == key } }
    }

    private mutating func forget() {
        keys.removeAll()
        buttons.removeAll()
        nextState = nil
    }

    private mutating func send(_ action: ControlAction) {
        let time = UInt32(truncatingIfNeeded: now.nanoseconds / 1_000_000)
        if case .pointerMove = action {} else { nextState = nextState ?? now + .milliseconds(250) }
        let event = ControlEvent(lease: lease, clientTime: time, action: action)
        let admission = tenancy.admit(lease)
        if admission == .releaseFirst { screen.releaseAll(now: now) }
        tenancy.handleEvent(now: now)
        screen.inject(event, now: now)
        settle()
    }

    /// Lets time pass, as the page's timer and the seat have it.
    private mutating func wait(_ interval: Interval, isPageThere: Bool = true) {
        let end = now + interval
        while now < end {
            now = min(end, now + .milliseconds(10))
            if isPageThere, let due = nextState, due <= now {
                let held = HeldInput(buttons: buttons, keys: keys)
                nextState = held.isEmpty ? nil : now + .milliseconds(250)
                let next = nextState
                send(.held(held))
                nextState = next
            }
            // As `DeskSeat` does.
            if screen.isPressing, tenancy.isHolderSilent(now: now) { screen.letGo(now: now) }
            screen.handleTimeout(now: now)
            settle()
        }
    }

    private mutating func settle() {
        while let answer = screen.pollAnswer() {
            guard case .held(let answer) = answer, answer.lease == lease else { continue }
            released += Int(answer.released)
            keys.removeAll { answer.missing.keys.contains($0) }
            buttons.subtract(answer.missing.buttons)
        }
    }
}
