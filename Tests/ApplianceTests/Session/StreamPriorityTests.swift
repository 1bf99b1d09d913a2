import Appliance
import Testing

@Suite struct StreamPriorityTests {
    @Test func theDeskComesFirstThenWhoIsPinnedThenWhoSpeaks() {
        let order = [
            StreamPriority.desk,
            StreamPriority.of(camera: true, isSpeaker: false),
            StreamPriority.of(camera: false, isSpeaker: true),
            StreamPriority.of(camera: false, isSpeaker: false),
        ]
        #expect(order == order.sorted(by: >))
        #expect(Set(order).count == 4)
        // What the Worker takes.
        #expect(order.allSatisfy { 1...255 ~= $0 })
    }

    @Test func whoIsPinnedAndSpeaksIsPinned() {
        #expect(StreamPriority.of(camera: true, isSpeaker: true) == StreamPriority.pinned)
    }
}
