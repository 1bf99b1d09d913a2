import Appliance
import RemoteControl
import Testing

@Suite struct EarsChoiceTests {
    private static func ids(_ numbers: [UInt64]) -> [ParticipantID] { numbers.map { ParticipantID($0) } }

    @Test func whoeverIsChosenHasAVoiceAndKeepsItWhileOthersComeAndGo() throws {
        var choice = EarsChoice()
        try choice.choose(Self.ids([5, 3]), where: { _ in true })
        #expect(choice.people == Self.ids([5, 3]))
        #expect(choice.voices == [ParticipantID(5): 0, ParticipantID(3): 1])
        try choice.choose(Self.ids([9, 3]), where: { _ in true })
        #expect(choice.people == Self.ids([3, 9]))
        #expect(choice.voices == [ParticipantID(3): 1, ParticipantID(9): 0])
        try choice.choose([], where: { _ in false })
        #expect(choice.isEmpty)
        #expect(choice.voices.isEmpty)
    }

    @Test func whoeverCannotBeHeardAnyMoreHasToBeChosenAnew() throws {
        var choice = EarsChoice()
        try choice.choose(Self.ids([1, 2, 3]), where: { _ in true })
        #expect(choice.keep(where: { $0 != ParticipantID(2) }) == Self.ids([2]))
        #expect(choice.people == Self.ids([1, 3]))
        #expect(choice.keep(where: { _ in true }) == [])
        #expect(choice.people == Self.ids([1, 3]))
    }

    @Test func oneWhoCannotBeHeardAndOneTooManyLeaveItAsItIs() throws {
        var choice = EarsChoice()
        try choice.choose(Self.ids([1]), where: { _ in true })
        #expect(throws: EarsChoice.Problem.notOpen) {
            try choice.choose(Self.ids([1, 2]), where: { $0 != ParticipantID(2) })
        }
        #expect(throws: EarsChoice.Problem.tooMany) {
            try choice.choose(Self.ids(Array(1...9)), where: { _ in true })
        }
        #expect(choice.people == Self.ids([1]))
        // Whoever is named twice is one.
        try choice.choose(Self.ids(Array(1...8) + Array(1...8)), where: { _ in true })
        #expect(choice.people.count == EarsChoice.most)
        #expect(Set(choice.voices.values) == Set(0..<8))
    }
}
