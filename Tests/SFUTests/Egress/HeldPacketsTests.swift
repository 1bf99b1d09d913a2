import SFU
import Testing

@Suite struct HeldPacketsTests {
    @Test func packetsLeaveInTheOrderInWhichTheyCame() {
        var held = HeldPackets<Int>()
        var next = 0
        var expected = 0
        // Never empty, so that the ring goes round and grows while it wraps.
        for step in 0..<5_000 {
            while held.count < 1 + step % 700 {
                held.append(next)
                next += 1
            }
            for _ in 0..<(held.count / 2) {
                let packet = held.popFirst()
                #expect(packet == expected)
                expected += 1
            }
        }
        while let packet = held.popFirst() {
            #expect(packet == expected)
            expected += 1
        }
        #expect(expected == next)
        #expect(held.isEmpty)
    }

    @Test func itHoldsAsManyAsItSaysAndNoMore() {
        var held = HeldPackets<Int>()
        #expect(held.room == 0)
        for number in 0..<HeldPackets<Int>.capacity {
            #expect(!held.isFull)
            held.append(number)
        }
        #expect(held.isFull)
        #expect(held.room == HeldPackets<Int>.capacity)
        let first = held.popFirst()
        #expect(first == 0)
        held.append(-1)
        #expect(held.isFull)
    }

    @Test func whatALargeFrameTookIsGivenBackOnceItHasLeft() {
        var held = HeldPackets<Int>()
        for number in 0..<300 { held.append(number) }
        #expect(held.room == 512)
        while held.popFirst() != nil {}
        #expect(held.room == 0)
        for number in 0..<20 { held.append(number) }
        while held.popFirst() != nil {}
        // A frame's worth stays: the next frame asks for no memory.
        #expect(held.room == 32)
        // Until the path is known to be wide.
        held.giveBack()
        #expect(held.room == 0)
        held.append(7)
        #expect(held.popFirst() == 7)
    }

    @Test func whatLeftIsNotKeptAlive() {
        final class Token {}
        var held = HeldPackets<Token>()
        weak var watched: Token?
        do {
            let token = Token()
            watched = token
            held.append(token)
            held.append(Token())
        }
        #expect(watched != nil)
        _ = held.popFirst()
        #expect(watched == nil)
        #expect(held.count == 1)
    }
}
