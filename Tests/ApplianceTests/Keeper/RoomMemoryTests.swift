import Access
import Appliance
import Glibc
import IO
import Testing

@Suite struct RoomMemoryTests {
    private func copy(_ file: borrowing MemoryFile) throws -> MemoryFile {
        try MemoryFile(inheriting: dup(file.descriptor))
    }

    @Test func theNextRoomFindsWhatTheOneBeforeHasLeft() throws {
        let file = try MemoryFile()
        let first = RoomMemory(try copy(file))
        #expect(!first.isAnother && first.lastEvent == 0 && first.content == RoomMemory.Content())
        first.update { $0.secret = "secret" }
        // It was not open yet.
        #expect(try !RoomMemory(copy(file)).isAnother)
        first.update {
            $0.certificate = String(repeating: "pem", count: 1_000)
            $0.port = 8_443
        }
        first.handleEvent(0x0102_0304_0506)
        let second = RoomMemory(try copy(file))
        #expect(second.isAnother && second.lastEvent == 0x0102_0304_0506 && second.content == first.content)
        // What is shorter than before is read as it is.
        second.update { $0.certificate = nil }
        #expect(try RoomMemory(copy(file)).content == second.content)
    }

    /// Whatever half of it is written: it holds only once its place is named.
    @Test func aRoomThatIsKilledWhileItWritesLeavesWhatWasThereBefore() throws {
        let file = try MemoryFile()
        let memory = RoomMemory(try copy(file))
        for number in 0..<4 {
            memory.update { $0.secret = "secret-\(number)" }
            let before = file.read(1 << 20)
            #expect(memory.update { $0.certificate = String(repeating: "\(number)", count: 100_000) })
            let head = file.read(24), content = memory.content
            // Another one begins where the one before the last was.
            file.write(Array(before[0..<24]))
            #expect(try RoomMemory(copy(file)).content.secret == "secret-\(number)")
            #expect(try RoomMemory(copy(file)).content != content)
            file.write(head)
            #expect(try RoomMemory(copy(file)).content == content)
        }
    }

    @Test func whatThereIsNoRoomForIsNotLeftAndAllElseIs() throws {
        let file = try MemoryFile()
        let memory = RoomMemory(try copy(file))
        #expect(memory.update { $0.secret = "secret" })
        let content = memory.content
        #expect(!memory.update { $0.certificate = String(repeating: "x", count: 1 << 24) })
        #expect(memory.content == content)
        #expect(memory.update { $0.port = 8_443 })
        #expect(try RoomMemory(copy(file)).content == memory.content)
    }

    /// All that keeps somebody out, as long as it may be, and with what JSON writes twice as long.
    @Test func thereIsRoomForEverythingAtItsBound() throws {
        func longest(_ number: Int) throws -> Identifier {
            let digits = String(number)
            return try #require(Identifier(digits + String(repeating: "\\", count: 128 - digits.count)))
        }
        var tokens = TokenMemory()
        var people = SessionMemory()
        for number in 0..<5_000 {
            let id = try longest(number)
            try? tokens.spent.spend(id, until: 253_402_300_799, now: 0)
            try? tokens.withdrawn.withdraw(.subject(id), now: 253_402_300_799)
            let token = JoinToken(room: id, subject: id, role: .client, expires: 253_402_300_799)
            people.admit(Grant(role: .client, rights: .all, token: token))
            var switches = RightsSwitches()
            switches.take(.all)
            people.set(switches, of: id)
        }
        #expect(tokens.spent.count == SpentTokens.most && tokens.withdrawn.count == WithdrawnTokens.most)
        #expect(try people.hasAdmitted(longest(4_095)))
        #expect(try !people.hasAdmitted(longest(4_096)))
        let file = try MemoryFile()
        let memory = RoomMemory(try copy(file))
        var left = Membership.Left()
        left.memory = people.left
        #expect(
            memory.update {
                $0.tokens = tokens
                $0.people = left
                // For 500 people with tokens of 4 KiB, and 256 who were removed with a reason of as many letters as there may be.
                $0.certificate = String(repeating: "x", count: 500 * 6_000 + 256 * 12_000)
            }
        )
        #expect(try RoomMemory(copy(file)).content == memory.content)
    }

    @Test func linesOfTheChatAreCountedOn() throws {
        let file = try MemoryFile()
        let first = RoomMemory(try copy(file))
        #expect(first.nextLine == 0)
        first.handleEvent(7)
        first.handleLine(next: 12)
        first.update { $0.port = 8_443 }
        let second = RoomMemory(try copy(file))
        #expect(second.nextLine == 12 && second.lastEvent == 7 && second.isAnother)
        file.write([UInt8](repeating: 0xff, count: 24))
        #expect(try RoomMemory(copy(file)).nextLine == 1 << 52)
    }

    @Test func whatCannotBeReadIsNothing() throws {
        let file = try MemoryFile()
        for _ in 0..<200 {
            file.write((0..<64).map { _ in .random(in: 0...255) })
            let memory = RoomMemory(try copy(file))
            #expect(memory.content == RoomMemory.Content() && !memory.isAnother)
        }
    }
}
