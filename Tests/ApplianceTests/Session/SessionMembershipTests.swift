import Appliance
import Foundation
import IO
import Logging
import RemoteControl
import SFU
import Testing
import Wire

/// People who come, come back and ask one another, in a real session; their pages are no browsers.
@Suite(.timeLimit(.minutes(1))) struct SessionMembershipTests {
    private static let browser = "browser-0123456789"

    /// A tab that was closed stood in everybody's strip beside the same person in another tab.
    @Test func aPersonWhoComesBackByAnotherTabIsNotDoubled() async throws {
        try await inRoom { room in
            let ben = await room.join("Ben")
            let ada = await room.join("Ada", ["browser": Self.browser])
            let token = await ada.resume
            await ada.close()
            #expect(await ben.waits { $0.people.map(\.away) == [false, true] })
            let again = await room.join("Ada", ["browser": Self.browser])
            #expect(await ben.waits { $0.people.map(\.away) == [false, false] })
            #expect(await again.you == ada.you)
            // The tab before does not take the place back.
            let late = await room.join("Ada", ["resume": token ?? "", "browser": Self.browser])
            #expect(await late.you != ada.you)
            #expect(await again.isOpen)
        }
    }

    @Test func twoLiveTabsAreTwoPeopleAndSoIsAnotherName() async throws {
        try await inRoom { room in
            let ada = await room.join("Ada", ["browser": Self.browser])
            let second = await room.join("Ada", ["browser": Self.browser])
            #expect(await second.you != ada.you)
            await ada.close()
            #expect(await second.waits { $0.people.map(\.away) == [true, false] })
            let ben = await room.join("Ben", ["browser": Self.browser])
            #expect(await ben.people.count == 3)
        }
    }

    /// Others stop waiting after a moment, and whoever still comes is who they were.
    @Test func aPageThatSaidGoodbyeIsWaitedForForAMomentOnly() async throws {
        var patience = Session.Patience()
        patience.goodbye = .milliseconds(50)
        try await inRoom(patience: patience) { room in
            let ben = await room.join("Ben")
            let ada = await room.join("Ada", ["browser": Self.browser])
            ada.say(["type": "goodbye"])
            await ada.close()
            #expect(await ben.waits { $0.people.count == 1 })
        }
    }

    @Test func theHolderIsToldWhoAsksAndMayGiveControlOrKeepIt() async throws {
        try await inRoom { room in
            let ada = await room.join("Ada")
            let ben = await room.join("Ben")
            ada.say(["type": "requestControl"])
            #expect(await ada.waits { $0.lease != nil })
            for _ in 0..<4 { ben.say(["type": "requestControl"]) }
            #expect(await ada.waits { $0.requests.count == 1 && $0.asks == ["Ben"] })
            #expect(await ben.waits { $0.isWaiting && $0.denied?.contains("told that you ask") == true })
            ada.say(["type": "declineControl", "person": await ben.you ?? 0])
            #expect(await ben.waits { !$0.isWaiting && $0.denied?.contains("would like to keep it") == true })
            ben.say(["type": "requestControl"])
            #expect(await ada.waits { $0.asks == ["Ben"] })
            // Once for each in ten seconds.
            #expect(await ada.requests.count == 1)
            ada.say(["type": "grantControl", "person": await ben.you ?? 0])
            #expect(await ben.waits { $0.lease != nil && !$0.isWaiting })
            #expect(await ada.waits { $0.lease == nil && $0.holder == "Ben" })
        }
    }

    @Test func whoWaitsGetsControlWhenItIsGivenBack() async throws {
        try await inRoom { room in
            let ada = await room.join("Ada")
            let ben = await room.join("Ben")
            ada.say(["type": "requestControl"])
            #expect(await ada.waits { $0.lease != nil })
            ben.say(["type": "requestControl"])
            #expect(await ben.waits { $0.isWaiting })
            ada.say(["type": "releaseControl"])
            #expect(await ben.waits { $0.lease != nil })
        }
    }

    @Test func aFullRoomGivesUpWhoNeverSawIt() async throws {
        var configuration = Configuration()
        configuration.maximumPeople = 4
        try await inRoom(configuration) { room in
            var flood: [Page] = []
            for _ in 0..<4 {
                flood.append(await room.join("Eve", address: 1))
                await flood.last?.close()
            }
            for _ in 0..<3 {
                let ada = await room.join("Ada", address: 2)
                #expect(await ada.you != nil)
            }
        }
    }

    @Test func theWelcomeTellsTheRoomsTime() async throws {
        try await inRoom { room in
            let before = Date().timeIntervalSince1970 * 1_000
            let ada = await room.join("Ada")
            let now = Double(await ada.now ?? 0)
            #expect(now >= before - 1 && now <= Date().timeIntervalSince1970 * 1_000 + 1)
        }
    }

    private func inRoom(
        _ configuration: Configuration = Configuration(),
        patience: Session.Patience? = nil,
        _ body: (MembershipRoom) async throws -> Void
    ) async throws {
        // Nobody is given up while a slow machine thinks.
        var long = Session.Patience()
        long.goodbye = .seconds(600)
        let room = try await MembershipRoom(configuration, patience ?? long)
        do {
            try await body(room)
        } catch {
            await room.end()
            throw error
        }
        await room.end()
    }
}

private final class MembershipRoom: Sendable {
    let session: Session
    private let worker: Worker
    private let relay: ControlRelay
    private let link: DeskLink
    private let running: Task<Void, Never>

    init(_ configuration: Configuration, _ patience: Session.Patience) async throws {
        var media = WorkerConfiguration()
        media.bindAddress = SocketAddress(ipv4: 0x7f00_0001, port: 0)
        worker = try Worker(media)
        link = try DeskLink()
        relay = ControlRelay(on: worker.executor)
        worker.start()
        link.start()
        var log = Logger(label: "test")
        log.logLevel = .critical
        session = try await Session(
            configuration,
            worker: worker,
            relay: relay,
            link: link,
            log: log,
            patience: patience
        )
        running = Task { [session] in await session.run() }
    }

    /// Joins from an address, and waits for the answer.
    func join(_ name: String, _ more: [String: String] = [:], address: UInt32 = 1) async -> Page {
        let page = await Page(self, NetworkShare(SocketAddress(ipv4: 0x0a00_0000 + address, port: 0)))
        page.say(["type": "join", "name": name].merging(more) { $1 })
        _ = await page.waits { $0.you != nil || $0.error != nil }
        return page
    }

    func end() async {
        running.cancel()
        await relay.stop()
        await link.stop()
        await worker.stop()
    }
}

/// One page's WebSocket, without the socket, and what it was told.
private actor Page {
    private nonisolated let connection: SignallingConnection
    private(set) var you: UInt64?
    private(set) var resume: String?
    private(set) var now: Int64?
    private(set) var people: [Told.Person] = []
    private(set) var requests: [String] = []
    private(set) var lease: UInt32?
    private(set) var holder: String?
    private(set) var asks: [String] = []
    private(set) var isWaiting = false
    private(set) var denied: String?
    private(set) var error: String?
    private var serving: Task<Void, Never>?
    private var reading: Task<Void, Never>?

    init(_ room: MembershipRoom, _ share: NetworkShare) async {
        let connection = SignallingConnection(share: share)
        self.connection = connection
        serving = Task {
            await room.session.serve(connection)
            connection.close()
        }
        reading = Task { await connection.readTexts { await self.handle($0) } }
    }

    var isOpen: Bool { !connection.isOver }

    private func handle(_ text: String) {
        guard let told = try? JSONDecoder().decode(Told.self, from: Data(text.utf8)) else { return }
        if let people = told.people { self.people = people }
        switch told.type {
        case "welcome":
            you = told.you?.id
            resume = told.resume
            now = told.now
        case "control":
            lease = told.lease
            holder = told.holder?.name
            asks = told.asks?.map(\.name) ?? []
            isWaiting = told.waiting ?? false
            denied = told.denied ?? denied
        case "controlRequested": requests.append(told.from?.name ?? "")
        case "error": error = told.message
        default: break
        }
    }

    nonisolated func say(_ message: [String: any Sendable]) {
        guard let data = try? JSONSerialization.data(withJSONObject: message) else { return }
        _ = connection.receive(Array(data))
    }

    /// Until something is true of the page, for as long as any machine may take.
    func waits(until condition: @Sendable (isolated Page) -> Bool) async -> Bool {
        for _ in 0..<4_000 {
            if condition(self) { return true }
            try? await Task.sleep(for: .milliseconds(5))
        }
        return false
    }

    /// The WebSocket ends.
    func close() async {
        connection.close()
        await serving?.value
    }

    struct Told: Decodable {
        struct Person: Decodable {
            var id: UInt64
            var name: String
            var away: Bool
        }

        var type: String
        var you: Person?
        var resume: String?
        var now: Int64?
        var people: [Person]?
        var from: Person?
        var holder: Person?
        var asks: [Person]?
        var lease: UInt32?
        var waiting: Bool?
        var denied: String?
        var message: String?
    }
}
