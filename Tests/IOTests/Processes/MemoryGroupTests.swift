import IO
import Testing

/// What the kernel's files say, of either version of control groups.
@Suite struct MemoryGroupTests {
    @Test func aContainersOwnGroupIsTheRootOfWhatItSees() throws {
        let group = try #require(
            Self.group([
                "/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/memory.max": "134217728\n",
                "/sys/fs/cgroup/memory.events":
                    "low 0\nhigh 0\nmax 12\noom 3\noom_kill 2\noom_group_kill 0\n",
            ])
        )
        #expect(group.limit == 128 << 20)
        #expect(group.kills == 2)
    }

    @Test func onAMachineItIsWhereTheKernelSays() throws {
        let directory = "/sys/fs/cgroup/system.slice/deskroom.service"
        let group = try #require(
            Self.group([
                "/proc/self/cgroup": "0::/system.slice/deskroom.service\n",
                "\(directory)/memory.max": "max\n",
                "\(directory)/memory.events": "oom_kill 0\n",
            ])
        )
        #expect(group.limit == nil)
        #expect(group.kills == 0)
    }

    @Test func soItIsInTheFirstVersion() throws {
        let directory = "/sys/fs/cgroup/memory"
        let group = try #require(
            Self.group([
                "/proc/self/cgroup": "5:cpu,cpuacct:/docker/1\n4:memory:/docker/1\n0::/docker/1\n",
                "\(directory)/memory.limit_in_bytes": "9223372036854771712\n",
                "\(directory)/memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 7\n",
            ])
        )
        #expect(group.limit == nil)
        #expect(group.kills == 7)
    }

    @Test(arguments: ["", "0::", "garbage\n:::\n", "0::/elsewhere\n"])
    func whereThereIsNoneNothingIsSaid(_ text: String) {
        #expect(Self.group(["/proc/self/cgroup": text]) == nil)
    }

    private static func group(_ files: [String: String]) -> MemoryGroup? {
        MemoryGroup { files[$0] }
    }
}
