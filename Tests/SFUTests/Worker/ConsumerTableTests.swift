import SFU
import Testing

@Suite struct ConsumerTableTests {
    private let room: WayRoom
    private let single: Consumer
    private let members: [Consumer]
    private let pipe: ConsumerID

    init() throws {
        room = try WayRoom(encodings: 3)
        let plain = try room.makePlain()
        single = try room.core.consumer(room.consume(on: plain.id).id)
        let transport = try room.makePipe()
        pipe = try room.core.pipe(room.producer, on: transport.id, isPaused: false, now: room.now).id
        members = transport.egress.consumers
    }

    @Test func aConsumerIsFoundByItsName() {
        var table = ConsumerTable()
        table.add(single)
        #expect(table[single.id] === single)
        #expect(table.named(single.id).map(\.id) == [single.id])
        #expect(table.count == 1)
        #expect(table.pipe(single.id)?.count == nil)
        table.remove(single)
        #expect(table[single.id] == nil)
        #expect(table.named(single.id).isEmpty)
    }

    @Test func thoseOfAPipeHaveOneNameAndOneEach() {
        let table = makePipeTable()
        #expect(members.count == 3)
        #expect(table.named(pipe).map(\.id) == members.map(\.id))
        #expect(table.pipe(pipe)?.map(\.id) == members.map(\.id))
        #expect(table[pipe] == nil)
        #expect(members.allSatisfy { table[$0.id] === $0 })
        #expect(table.count == 3)
    }

    @Test func aPipeWithoutOneOfItsEncodingsIsNone() {
        var table = makePipeTable()
        table.remove(members[1])
        #expect(table.named(pipe).isEmpty)
        #expect(table.pipe(pipe)?.count == nil)
        #expect(table.count == 2)
    }

    private func makePipeTable() -> ConsumerTable {
        var table = ConsumerTable()
        table.add(members, as: pipe)
        for member in members { table.add(member) }
        return table
    }
}
