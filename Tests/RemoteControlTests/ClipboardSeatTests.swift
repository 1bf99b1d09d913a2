import Glibc
import IO
import RemoteControl
import TestSupport
import Testing
import Wire

/// The desk's clipboard on a real X server, with a program that copies and pastes.
@Suite(.serialized, .timeLimit(.minutes(2))) struct ClipboardSeatTests {
    // Released in this order: Xlib ends a process whose server is gone.
    private let client: SelectionClient
    private let room: Room
    private let seat: ClipboardSeat
    private let server: XServer

    /// The room's end of the link.
    private final class Room {
        private let link: SeqPacketSocket
        private var buffer = [UInt8](repeating: 0, count: ClipboardMessage.maximumLength + 1)
        private(set) var offer = ClipboardOffer()
        private(set) var offers = 0
        private(set) var outcome: ClipboardOutcome?
        private(set) var content: ClipboardContent?
        private var assembly: ClipboardAssembly?

        init(_ link: consuming SeqPacketSocket) { self.link = link }

        func send(_ message: ClipboardMessage) {
            let bytes = message.encoded()
            while !link.send(bytes.span.bytes) { usleep(1_000) }
        }

        func take() {
            (content, outcome) = (nil, nil)
            send(.take(1, after: 0))
        }

        func put(_ content: ClipboardContent) {
            outcome = nil
            var pieces = ClipboardPieces(content, as: 2)
            send(.put(2, LeaseID(1), content.table))
            while let piece = pieces.poll() { send(piece) }
        }

        /// Takes in what has come.
        func read() {
            while true {
                var span = buffer.mutableSpan
                var memory = span.mutableBytes
                guard case .message(let count) = link.receive(into: &memory),
                    let message = try? ClipboardMessage(parsing: buffer.span.bytes.extracting(first: count))
                else { return }
                switch message {
                case .offer(let offer): (self.offer, offers) = (offer, offers + 1)
                case .outcome(_, let outcome): self.outcome = outcome
                case .content(_, let table): assembly = ClipboardAssembly(table)
                case .piece(_, let offset, let bytes):
                    _ = assembly?.add(bytes, at: offset)
                    if let whole = assembly?.content() { content = whole }
                default: break
                }
            }
        }
    }

    init() throws {
        server = try XServer()
        client = try SelectionClient(display: server.display)
        var end: SeqPacketSocket?
        seat = try ClipboardSeat(display: server.display, link: try SeqPacketSocket(pairedWith: &end))
        guard let end = end.take() else { throw XServer.Failure() }
        room = Room(end)
        seat.start()
        room.send(.policy(ClipboardPolicy(.all, limit: 8 << 20)))
    }

    /// Until the program has answered, and the room has heard.
    private func wait(_ isDone: () -> Bool) {
        client.run {
            room.read()
            return isDone()
        }
    }

    /// Puts something there, as soon as the seat has its screen.
    private func put(_ content: ClipboardContent) {
        repeat {
            room.put(content)
            wait { room.outcome != nil }
        } while room.outcome == .deskAway
    }

    private func taken() -> ClipboardContent? {
        room.take()
        wait { room.content != nil || room.outcome != nil }
        return room.content
    }

    @Test func whatAProgramCopiesIsReadAtOnceAndGivenWhenItIsAskedFor() async {
        let text = Array("Größe 漢字 😀".utf8)
        let picture: [UInt8] =
            [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] + [UInt8](repeating: 7, count: 4_000_000)
        client.copy(["UTF8_STRING": text, "text/html": Array("<b>é</b>".utf8), "image/png": picture])
        wait { room.offer.table.flavours == [.text, .html, .png] }
        let content = ClipboardContent([.text: text, .html: Array("<b>é</b>".utf8), .png: picture])
        #expect(room.offer.table == content.table)
        #expect(taken() == content)
        await seat.stop()
    }

    @Test func whatIsPutThereCanBePastedAtOnceOrInPieces() async {
        for length in [5, 1_000_000, 5_000_000] {
            let text = [UInt8](repeating: 0x61, count: length)
            put(ClipboardContent([.text: text]))
            #expect(room.outcome == .done)
            #expect(client.paste("UTF8_STRING") == text)
            #expect(client.paste("text/html") == nil)
            #expect(client.paste("TIMESTAMP")?.isEmpty == false)
            #expect(client.paste("MULTIPLE") == nil)
        }
        #expect(room.offer.serial == 3)
        // It is the program's again as soon as that copies something.
        client.copy(["UTF8_STRING": [0x62]])
        wait { room.offer.serial == 4 }
        #expect(taken()?[.text] == [0x62])
        await seat.stop()
    }

    @Test func twoHundredChangesAreFewReadingsAndTheLastOneIsThere() async {
        for number in 0..<200 {
            client.copy(["UTF8_STRING": Array("change \(number)".utf8)])
            let until = Instant.now() + .milliseconds(5)
            wait { Instant.now() >= until }
        }
        wait { room.offer.table.total == "change 199".utf8.count }
        let until = Instant.now() + .milliseconds(300)
        wait { Instant.now() >= until }
        #expect(taken()?[.text] == Array("change 199".utf8))
        // Ten at once, and ten a second; a machine that is slow takes longer.
        #expect(room.offers < 200)
        await seat.stop()
    }

    @Test func whatAProgramCopiedThatHasEndedIsStillThere() async throws {
        do {
            let brief = try SelectionClient(display: server.display)
            brief.copy(["UTF8_STRING": Array("last words".utf8)])
            brief.run {
                room.read()
                return room.offer.serial == 1
            }
        }
        wait { client.paste("UTF8_STRING") == Array("last words".utf8) }
        #expect(taken()?[.text] == Array("last words".utf8))
        await seat.stop()
    }

    @Test func whateverProgramsAnswerTheNextOneIsRead() async {
        var random = SplitMix64(seed: 4)
        let types = ["ATOM", "STRING", "UTF8_STRING", "INCR", "INTEGER", "image/png", "TARGETS"]
        for _ in 0..<60 {
            client.copy(
                raw: ["TARGETS", "UTF8_STRING", "text/html", "image/png"].map { target in
                    let type = types[Int(random.next() % UInt64(types.count))]
                    return (target, type, [8, 16, 32][Int(random.next() % 3)], random.bytes(upTo: 4_000))
                }
            )
            let until = Instant.now() + .milliseconds(20)
            wait { Instant.now() >= until }
        }
        client.copy(["UTF8_STRING": Array("sane".utf8)])
        wait { room.offer.table.total == 4 && room.offer.table.flavours == [.text] }
        #expect(taken()?[.text] == Array("sane".utf8))
        await seat.stop()
    }

    @Test func aProgramThatDoesNotAnswerHoldsNobodyUpForLong() async {
        client.isSilent = true
        client.copy(["UTF8_STRING": [0x61]])
        room.take()
        wait { room.outcome == .empty }
        #expect(room.outcome == .empty)
        room.put(ClipboardContent([.text: [0x62]]))
        wait { room.outcome == .done }
        #expect(client.paste("UTF8_STRING") == [0x62])
        await seat.stop()
    }
}
