import Appliance
import IO
import Synchronization
import Testing

@Suite struct MemoryWatchTests {
    @Test func whatTheKernelHasKilledForWantOfMemoryIsSaidWithTheLimit() throws {
        let kernel = Kernel()
        let watch = MemoryWatch(try #require(kernel.group))
        kernel.kill()
        #expect(
            watch.verdict(on: ProcessEnding(reason: .signalled(9)), limit: nil)
                == .ranOut("memory ran out: all programs together may have 128 MB")
        )
        // What a shell says of its child.
        #expect(
            watch.verdict(on: ProcessEnding(reason: .exited(137)), limit: nil)
                == .ranOut("memory ran out: all programs together may have 128 MB")
        )
        #expect(watch.verdict(on: ProcessEnding(reason: .exited(1)), limit: nil) == .other)
    }

    @Test func whatWasKilledBeforeWasAnother() throws {
        let kernel = Kernel()
        kernel.kill()
        let watch = MemoryWatch(try #require(kernel.group))
        guard case .perhaps(let words) = watch.verdict(on: ProcessEnding(reason: .signalled(9)), limit: nil)
        else { return #expect(Bool(false)) }
        #expect(words.contains("perhaps memory ran out") && words.contains("128 MB"))
    }

    @Test func aProgramWithALimitOfItsOwnMayHaveMetIt() {
        let watch = MemoryWatch(nil)
        #expect(watch.verdict(on: ProcessEnding(reason: .signalled(6)), limit: nil) == .other)
        // By itself, and as a shell says it of what it ran.
        for reason in [ProcessEnding.Reason.signalled(6), .exited(128 + 6), .signalled(4)] {
            guard
                case .metLimit(let words) = watch.verdict(on: ProcessEnding(reason: reason), limit: 64 << 20)
            else { return #expect(Bool(false)) }
            #expect(words.contains("64 MB") && words.contains("desk.app.memory"))
        }
        #expect(watch.verdict(on: ProcessEnding(reason: .exited(1)), limit: 64 << 20) == .other)
    }

    /// A group of 128 MB.
    private final class Kernel: Sendable {
        private let kills = Mutex(0)

        func kill() { kills.withLock { $0 += 1 } }

        var group: MemoryGroup? {
            MemoryGroup { path in
                switch path {
                case "/proc/self/cgroup": "0::/\n"
                case "/sys/fs/cgroup/memory.max": "134217728\n"
                case "/sys/fs/cgroup/memory.events": "oom_kill \(self.kills.withLock { $0 })\n"
                default: nil
                }
            }
        }
    }
}
