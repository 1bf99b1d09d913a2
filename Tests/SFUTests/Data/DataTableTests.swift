import SFU
import Testing
import WebRTC

@Suite struct DataTableTests {
    private let room: WayRoom
    private let pipe: PipeTransport
    private let chat = DataChannelParameters(label: "chat")
    private let producer = DataProducerID(1)
    private let consumer = DataConsumerID(2)

    init() throws {
        room = try WayRoom()
        pipe = try room.makePipe()
    }

    @Test func aChannelIsOnItsTransportUntilItIsRemoved() throws {
        var table = DataTable()
        table.add(producer, chat, on: room.source)
        table.add(consumer, on: pipe)
        #expect(try table.transport(of: producer) === room.source)
        #expect(try table.transport(of: consumer) === pipe)
        #expect(try table.parameters(of: producer) == chat)
        table.remove(producer)
        table.remove(consumer)
        #expect(throws: SFUError.notFound) { try table.transport(of: producer) }
        #expect(throws: SFUError.notFound) { try table.transport(of: consumer) }
        #expect(throws: SFUError.notFound) { try table.parameters(of: producer) }
    }

    @Test func ofATransportThatIsClosedNothingIsLeft() throws {
        var table = DataTable()
        for id in [UInt32(5), 3, 4] { table.add(DataProducerID(id), chat, on: room.source) }
        table.add(producer, chat, on: pipe)
        table.add(consumer, on: room.source)
        #expect(table.removeAll(on: room.source).map(\.rawValue) == [3, 4, 5], "oldest first")
        #expect(throws: SFUError.notFound) { try table.transport(of: consumer) }
        #expect(throws: SFUError.notFound) { try table.parameters(of: DataProducerID(3)) }
        #expect(try table.transport(of: producer) === pipe)
    }

    /// It was closed before its news came.
    @Test func aChannelOfATransportThatIsGoneHasNone() {
        var table = DataTable()
        table.add(producer, chat, on: nil)
        #expect(throws: SFUError.notFound) { try table.transport(of: producer) }
    }

    @Test func aRouteEndsWithItsProducerAndItsChannelIsToBeClosed() {
        var table = DataTable()
        table.add(producer, chat, on: room.source)
        #expect(!table.isRouted(producer))
        table.route(producer, to: consumer, through: pipe)
        #expect(table.isRouted(producer))
        #expect(table.pollOrphan() == nil)
        table.remove(producer)
        #expect(!table.isRouted(producer))
        #expect(table.pollOrphan() == consumer)
        #expect(table.pollOrphan() == nil)
    }

    @Test func aRouteEndsWithItsChannel() {
        var table = DataTable()
        table.add(producer, chat, on: room.source)
        table.route(producer, to: consumer, through: pipe)
        table.route(producer, to: DataConsumerID(3), through: pipe)
        table.remove(consumer)
        #expect(table.isRouted(producer))
        table.remove(DataConsumerID(3))
        #expect(!table.isRouted(producer))
        table.remove(producer)
        #expect(table.pollOrphan() == nil)
    }
}
