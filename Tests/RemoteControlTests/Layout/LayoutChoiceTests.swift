import RemoteControl
import Testing

@Suite struct LayoutChoiceTests {
    @Test func aChosenLayoutSurvivesTheDeskAndIsNotThatOfWhoeverDrives() {
        var choice = LayoutChoice(.de)
        #expect(choice.pollCommand() == nil, "nobody is there to be asked")
        choice.handleDesk(isThere: true)
        #expect(choice.pollCommand() == .de)
        #expect(choice.pollCommand() == nil)
        choice.handleKeyboard(.fr)
        #expect(choice.handleSet(.de, isDone: true) == true)
        #expect(choice.pollCommand() == nil)
        #expect(choice.current == .de)
        choice.handleDesk(isThere: false)
        #expect(choice.current == nil)
        choice.handleDesk(isThere: true)
        #expect(choice.pollCommand() == .de)
    }

    @Test func itFollowsTheKeyboardOfWhoeverDrivesUntilSomebodyChooses() {
        var choice = LayoutChoice()
        choice.handleDesk(isThere: true)
        #expect(choice.pollCommand() == nil, "the desk keeps what it came with")
        choice.handleKeyboard(.ch)
        #expect(choice.pollCommand() == .ch)
        choice.handleSet(.ch, isDone: true)
        choice.choose(.gr)
        #expect(!choice.follows)
        #expect(choice.pollCommand() == .gr)
        choice.handleSet(.gr, isDone: true)
        choice.handleKeyboard(.us)
        #expect(choice.pollCommand() == nil)
        choice.choose(nil)
        #expect(choice.follows)
        #expect(choice.pollCommand() == nil)
        choice.handleKeyboard(.us)
        #expect(choice.pollCommand() == .us)
    }

    @Test func theDeskIsAskedForOneAtATimeAndTheLastCounts() {
        var choice = LayoutChoice()
        choice.handleDesk(isThere: true)
        for layout in KeyboardLayout.allCases {
            choice.choose(layout)
            _ = choice.pollCommand()
        }
        #expect(choice.pollCommand() == nil)
        #expect(choice.handleSet(.dvorak, isDone: true) == false, "it was asked for another one")
        #expect(choice.handleSet(.us, isDone: true) == true)
        #expect(choice.pollCommand() == .dvorak)
        // What it cannot have it is not asked for again.
        #expect(choice.handleSet(.dvorak, isDone: false) == true)
        #expect(choice.pollCommand() == nil)
        #expect(choice.current == .us)
        // What could not be sent is.
        choice.choose(.il)
        #expect(choice.pollCommand() == .il)
        choice.handleUnsent()
        #expect(choice.pollCommand() == .il)
    }

    @Test func everyLayoutHasANameOfItsOwn() {
        let names = KeyboardLayout.allCases.map(\.name)
        #expect(Set(names).count == names.count)
        for layout in KeyboardLayout.allCases { #expect(KeyboardLayout(name: layout.name) == layout) }
        #expect(KeyboardLayout(name: "us; rm") == nil)
    }
}
