import CLinux
import Glibc
import IO
import Testing

@Suite(.serialized, .timeLimit(.minutes(1))) struct ChildProcessesTests {
    /// Runs a shell command to its end; what it has left behind is ended, too.
    private static func ending(
        of command: String,
        _ prepare: (inout ProcessLaunch) -> Void = { _ in }
    ) async throws -> ProcessEnding? {
        let processes = try ChildProcesses(limit: DescriptorLimit(), adoptsOrphans: false)
        processes.start()
        var launch = ProcessLaunch(
            path: "/bin/sh",
            arguments: ["-c", command],
            environment: ["PATH": "/usr/bin:/bin"]
        )
        launch.keepsLastWords = true
        prepare(&launch)
        let child = try await processes.start(launch)
        var ending: ProcessEnding?
        for await one in child.ending { ending = one }
        await processes.end(child)
        // What was ended may wait for its new parent to take note of it.
        for _ in 0..<100 where kill(-child.id, 0) == 0 { try await Task.sleep(for: .milliseconds(20)) }
        #expect(kill(-child.id, 0) != 0, "nothing of its session is left")
        await processes.stop()
        return ending
    }

    @Test func theEndingIsToldInWords() async throws {
        let ending = try await Self.ending(
            of: "echo first >&2; echo '(EE) no such screen' >&2; echo '(EE) ' >&2; exit 3"
        )
        #expect(ending == ProcessEnding(reason: .exited(3), lastWords: "(EE) no such screen"))
        #expect(ending?.description == "it exited with status 3: (EE) no such screen")
        #expect(try await Self.ending(of: "kill -9 $$")?.reason == .signalled(9))
    }

    @Test func whatAProgramLeavesBehindIsEndedWithIt() async throws {
        let ending = try await Self.ending(
            of: "sleep 1000 & trap '' TERM; (trap '' TERM; sleep 1000) & exit 0"
        )
        #expect(ending?.reason == .exited(0))
    }

    @Test func aProgramThatIsNotThereIsAnError() async throws {
        let processes = try ChildProcesses(limit: DescriptorLimit(), adoptsOrphans: false)
        processes.start()
        await #expect(throws: SystemError(number: ENOENT)) {
            _ = try await processes.start(ProcessLaunch(path: "/nowhere/program"))
        }
        await processes.stop()
    }

    @Test func aProgramGetsItsOwnDescriptorsAndNoOthers() async throws {
        var other: SeqPacketSocket?
        let link = try SeqPacketSocket(pairedWith: &other)
        let descriptor = link.descriptor
        let ending = try await Self.ending(
            of: "ls -l /proc/self/fd | tr -s ' ' | cut -d' ' -f9,11 | tr '\\n' ' ' >&2"
        ) {
            $0.descriptors = [descriptor]
        }
        let words = try #require(ending?.lastWords)
        #expect(words.contains("3 socket:["))
        // "ls" opens the directory itself.
        #expect(words.contains("4 /proc/") && !words.contains("5 "))
        withExtendedLifetime(other) {}
    }

    @Test func aProgramGetsTheLimitThatThisProcessWasStartedWith() async throws {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        let ending = try await Self.ending(of: "ulimit -n >&2")
        #expect(ending?.lastWords == "\(limit.rlim_cur)")
        #expect(DescriptorLimit().value >= Int(clamping: limit.rlim_cur))
    }

    @Test func aProgramGetsNoMoreMemoryThanItMayHave() async throws {
        let command = "head -c 100000000 /dev/zero | tail -c 90000000 | wc -c >&2"
        #expect(try await Self.ending(of: command)?.lastWords == "90000000")
        let ending = try await Self.ending(of: command) { $0.memory = 20 << 20 }
        #expect(ending?.lastWords != "90000000", "\(ending?.description ?? "")")
    }

    @Test func theKernelIsToldWhomToKillSooner() async throws {
        let own = SystemFile.contents(of: "/proc/self/oom_score_adj").flatMap {
            Int($0.prefix { $0 != "\n" })
        }
        // It is told once the program runs.
        let ending = try await Self.ending(of: "sleep 0.3; cat /proc/self/oom_score_adj >&2") {
            $0.killPreference = 300
        }
        #expect(ending?.lastWords == "\(min(1_000, (own ?? 0) + 300))")
    }

    @Test(.enabled(if: Confinement.shortcoming == nil))
    func aConfinedProgramReachesNothingOfThisProcess() async throws {
        let mine = "/proc/\(getpid())"
        let attempts = [
            "cat \(mine)/environ", "head -c 1 \(mine)/mem", "readlink \(mine)/fd/0", "kill -0 \(getpid())",
            "cat /etc/hostname", "setpriv --reuid 1 true",
        ]
        for attempt in attempts {
            let open = try await Self.ending(of: "\(attempt) >/dev/null")?.reason
            let confined = try await Self.ending(of: "\(attempt) >/dev/null") { launch in
                var confinement = Confinement()
                confinement.files = ReachableFiles(hidden: ["/etc/hostname"])
                launch.confinement = confinement
            }
            if geteuid() == 0 { #expect(open == .exited(0) || attempt.contains("mem"), "\(attempt)") }
            #expect(confined?.reason != .exited(0), "\(attempt)")
        }
        let allowed = try await Self.ending(of: "cat /etc/passwd >/dev/null && echo > /tmp/$$ && rm /tmp/$$")
        { launch in
            launch.confinement = Confinement()
            launch.confinement?.files = ReachableFiles(hidden: ["/etc/hostname"])
        }
        #expect(allowed?.reason == .exited(0))
    }
}
