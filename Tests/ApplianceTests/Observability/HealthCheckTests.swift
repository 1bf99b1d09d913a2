import Appliance
import Dispatch
import Foundation
import IO
import SFU
import Testing
import Wire

@Suite struct HealthCheckTests {
    @Test func aMediaThreadThatIsStuckIsFoundAndIsWellAgainAfterwards() async throws {
        var configuration = WorkerConfiguration()
        configuration.bindAddress = SocketAddress(ipv4: 0x7f00_0001, port: 0)
        let worker = try Worker(configuration)
        worker.start()
        let check = HealthCheck(.still(mediaThread: { _ = await worker.statistics() }), limit: .seconds(1))
        #expect(await check.isAlive().isAlive)
        let blocker = Blocker(worker.executor)
        let blocked = Task { await blocker.block() }
        await blocker.isBlocking()
        let start = ContinuousClock.now
        #expect(await !check.isAlive().isAlive)
        let (facts, numbers, _) = await check.look()
        #expect(facts.reasons == [.mediaThreadStuck])
        #expect(numbers == nil)
        #expect(ContinuousClock.now - start < .seconds(30), "an answer has a bound")
        blocker.release()
        await blocked.value
        let isWell = await recovers(check)
        #expect(isWell)
        await worker.stop()
    }

    @Test func aDeskThatDoesNotAnswerIsNoReadyRoom() async {
        let check = HealthCheck(
            .still(desk: { (try? await Task.sleep(for: .seconds(3_600))) != nil }),
            limit: .milliseconds(50)
        )
        let (facts, numbers, _) = await check.look()
        #expect(facts.reasons == [.deskNotAnswering])
        #expect(
            [.starting, .degraded].contains(numbers?.status),
            "it has never been ready, and is given time for that"
        )
        #expect(await check.isAlive().isAlive, "the room itself is well")
    }

    @Test func aRoomThatDrainsSaysSo() async {
        let check = HealthCheck(.still())
        #expect(await check.look().numbers?.status == .ok)
        check.drain()
        #expect(await check.look().facts.reasons == [.draining])
        #expect(await check.look().numbers?.status == .draining)
    }

    @Test func itSaysWhereTheAddressesOfTheMediaAreFromAndNotWhichTheyAre() async throws {
        let check = HealthCheck(.still())
        check.setAddresses([.stun: 1, .setting: 2])
        let numbers = try #require(await check.look().numbers)
        let json = String(decoding: try JSONEncoder().encode(numbers), as: UTF8.self)
        #expect(numbers.media.addresses == [.setting: 2, .stun: 1])
        #expect(json.contains(#""addresses":{"s"#) && json.contains(#""stun":1"#))
    }

    private func recovers(_ check: HealthCheck) async -> Bool {
        for _ in 0..<100 where await check.isAlive().isAlive { return true }
        return false
    }
}

/// Holds a thread for as long as a test wants.
private actor Blocker {
    nonisolated let executor: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    private nonisolated let gate = DispatchSemaphore(value: 0)
    private nonisolated let entered: AsyncStream<Void>
    private nonisolated let enter: AsyncStream<Void>.Continuation

    init(_ executor: EventLoop) {
        self.executor = executor
        (entered, enter) = AsyncStream.makeStream()
    }

    func block() {
        enter.finish()
        gate.wait()
    }

    nonisolated func isBlocking() async { for await _ in entered {} }
    nonisolated func release() { gate.signal() }
}
