internal import IO
internal import Logging

/// The desk as the keeper has it: starts it, and resets it.
///
/// To reset it everything ends that runs on it, X server and sound among them: they keep what programs have left there (root
/// windows, key maps, who may connect; samples, modules), and nobody can say what else. What is left after that, however it was
/// started, is found by its descent from the keeper.
actor KeptDesk {
    private let supervision: DeskSupervision
    private let activities: KeptActivities
    private let processes: ChildProcesses
    private let link: RoomLink
    /// Makes the home new, and says whether it is; `nil`: it is nobody's to delete.
    private let makeHomeNew: (@Sendable () async -> Bool)?
    private let log: Logger
    private var running: Task<Void, Never>?
    private var isResetting = false
    private var isOver = false

    init(
        _ supervision: DeskSupervision,
        _ activities: KeptActivities,
        _ processes: ChildProcesses,
        link: RoomLink,
        makeHomeNew: (@Sendable () async -> Bool)?,
        log: Logger
    ) {
        self.supervision = supervision
        self.activities = activities
        self.processes = processes
        self.link = link
        self.makeHomeNew = makeHomeNew
        self.log = log
    }

    /// Of no effect where it has begun.
    func begin() {
        guard running == nil, !isOver, !isResetting else { return }
        running = Task { [supervision, processes, log, link] in
            await supervision.run(processes, log: log) { await link.tell(.restarted($0)) }
        }
    }

    func start(_ activity: UInt8) async {
        if running != nil, !isResetting { await activities.start(activity) }
    }

    func stop(_ activity: UInt8) async {
        if !isResetting { await activities.stop(activity) }
    }

    /// Ends everything, for good.
    func end() async {
        isOver = true
        running?.cancel()
        await activities.reset()
        await running?.value
    }

    /// - Parameter number: The room's own, by which it knows the outcome.
    func reset(_ number: UInt8) async {
        guard running != nil, !isResetting, !isOver else { return }
        isResetting = true
        await link.tell(.resetting(number))
        let before = await processes.otherCount
        running?.cancel()
        async let activitiesEnd: Void = activities.reset()
        await running?.value
        await activitiesEnd
        running = nil
        let left = await processes.endOthers()
        var home = DeskReset.Home.kept
        if let makeHomeNew { home = await makeHomeNew() ? .new : .failed }
        let outcome = DeskReset(
            ended: UInt16(clamping: max(0, before - left)),
            left: UInt16(clamping: left),
            home: home
        )
        log.notice(
            "The desk was reset",
            metadata: ["ended": "\(outcome.ended)", "left": "\(outcome.left)", "home": "\(home)"]
        )
        isResetting = false
        begin()
        await link.tell(.reset(number, outcome))
    }
}
