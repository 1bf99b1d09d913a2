internal import IO
internal import Logging
internal import Wire

/// Starts and ends the programs of the shelf as the room asks, and tells it how they do.
actor KeptActivities {
    private let programs: [SupervisedProgram]
    private let processes: ChildProcesses
    private let link: RoomLink
    private let log: Logger
    private var runs: ActivityRuns
    private var tasks: [UInt8: Task<Void, Never>] = [:]

    /// - Parameter programs: By their numbers.
    init(
        _ shelf: Shelf,
        _ programs: [SupervisedProgram],
        _ processes: ChildProcesses,
        link: RoomLink,
        log: Logger
    ) {
        self.programs = programs
        self.processes = processes
        self.link = link
        self.log = log
        runs = ActivityRuns(alwaysThere: shelf.activities.map(\.isAlwaysThere))
    }

    func start(_ number: UInt8) async {
        runs.start(number, now: .now())
        await settle()
    }

    func stop(_ number: UInt8) async {
        runs.stop(number)
        await settle()
    }

    /// Ends all of them, and forgets how they ended.
    func reset() async {
        let tasks = tasks.values
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
        runs.handleReset()
        await settle()
    }

    private func settle() async {
        while let effect = runs.pollEffect() {
            switch effect {
            case .start(let number):
                tasks[number] = Task { await self.run(number) }
            case .stop(let number): tasks[number]?.cancel()
            case .tell(let number, let state): await link.tell(.activity(number, state))
            }
        }
    }

    private func run(_ number: UInt8) async {
        let failure = await programs[Int(number)].runToItsEnd(processes, log: log) {
            await self.handleStarted(number)
        }
        tasks[number] = nil
        runs.handleEnd(number, failure: failure)
        await settle()
    }

    private func handleStarted(_ number: UInt8) async {
        runs.handleStarted(number)
        await settle()
    }
}
