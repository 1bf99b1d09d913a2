import Appliance
import RemoteControl
import Testing

@Suite struct HiddenDeskTests {
    static let rectangle = DeskCover.Rectangle(x: 1, y: 2, width: 3, height: 4)

    @Test func beforeAnythingWasHiddenTheDeskIsToldNothing() {
        let hidden = HiddenDesk()
        #expect(!hidden.isHiding && hidden.cover == nil && !hidden.isAwaited)
    }

    @Test func eachChangeIsConfirmedByItsOwnNumber() {
        var hidden = HiddenDesk()
        hidden.setCurtain(isDown: true, isSilent: true)
        #expect(hidden.cover == DeskCover(number: 1, hidesAll: true))
        #expect(hidden.isHiding && hidden.isSilent && hidden.isAwaited)
        hidden.setMasks([Self.rectangle], windows: [9])
        let isOlder = hidden.handleCovered(1)
        #expect(!isOlder && hidden.isAwaited, "what was asked for last is not hidden yet")
        let isNewest = hidden.handleCovered(2)
        #expect(isNewest && !hidden.isAwaited)
        #expect(
            hidden.cover == DeskCover(number: 2, hidesAll: true, rectangles: [Self.rectangle], windows: [9])
        )
    }

    @Test func whenTheDeskThatFollowedWindowsIsGoneTheCurtainFalls() {
        var hidden = HiddenDesk()
        hidden.setMasks([Self.rectangle], windows: [])
        let isLosing = hidden.handleDeskLost()
        #expect(!isLosing, "rectangles and the curtain hold for the next desk")
        hidden.setMasks([Self.rectangle], windows: [9])
        let hasChanged = hidden.handleDeskLost()
        #expect(hasChanged && hidden.isCurtainDown && hidden.hasFallen && hidden.isAwaited)
        #expect(hidden.windows.isEmpty && hidden.rectangles == [Self.rectangle])
        hidden.setCurtain(isDown: false, isSilent: false)
        #expect(!hidden.hasFallen)
    }

    @Test func whenTheDeskGetsAnotherSizeTheCurtainFallsOverPartsAndNotOverWindows() {
        var hidden = HiddenDesk()
        hidden.setMasks([], windows: [9])
        let isForWindows = hidden.handleResized()
        #expect(!isForWindows && !hidden.isCurtainDown, "windows are followed")
        hidden.setMasks([Self.rectangle], windows: [9])
        let isForParts = hidden.handleResized()
        #expect(isForParts && hidden.isCurtainDown && hidden.isAwaited)
        #expect(hidden.hasFallen && hidden.isOutgrown)
        #expect(hidden.windows == [9] && hidden.rectangles == [Self.rectangle])
        let isAgain = hidden.handleResized()
        #expect(!isAgain, "it is down")
        hidden.setCurtain(isDown: false, isSilent: false)
        #expect(!hidden.hasFallen && !hidden.isOutgrown)
    }

    @Test(arguments: [false, true]) func whenARoomIsGoneThatHidSomethingTheCurtainFalls(_ isSilent: Bool) {
        var hidden = HiddenDesk()
        hidden.handleRoomLost(isSilent: isSilent)
        #expect(hidden.isCurtainDown && hidden.hasFallen && hidden.isSilent == isSilent)
        #expect(hidden.cover == DeskCover(number: 1, hidesAll: true))
    }

    @Test func aLostWindowIsToldOnceAndForgottenWithItsMask() {
        var hidden = HiddenDesk()
        hidden.setMasks([], windows: [9])
        let isNews = (hidden.handleLost(9), hidden.handleLost(9), hidden.handleLost(10))
        #expect(isNews == (true, false, false))
        hidden.setMasks([], windows: [])
        #expect(hidden.lost.isEmpty && !hidden.isHiding)
    }
}
