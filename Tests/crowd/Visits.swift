internal import IO
internal import Participant
internal import Wire

/// People come and go.
struct Visits {
    private let context: Member.Context
    private var settings: Settings { context.settings }

    init(_ context: Member.Context) { self.context = context }

    func run() throws -> Report {
        let count = settings.visits ?? 0
        let length = Interval.seconds(settings.seconds ?? 1)
        let begun = Instant.now()
        var here: [Member] = []
        var come = 0
        var report = Report(seconds: 0, people: [], traffic: Traffic())
        while report.visits < count {
            let next = begun + length / Int64(max(1, count)) * Int64(come)
            let leaving = here.first.map { $0.begun + .seconds(settings.stay) }
            let due = min(
                come < count ? next : Instant(nanoseconds: .max),
                leaving ?? Instant(nanoseconds: .max)
            )
            context.loop.run(limit: max(.zero, due - .now())) {
                here.step(settings, now: .now())
                return false
            }
            let now = Instant.now()
            while let member = here.first, now >= member.begun + .seconds(settings.stay) {
                here.removeFirst()
                note(member, in: &report)
                report.visits += 1
                let vanishes = settings.vanishing > 0 && report.visits % settings.vanishing == 0
                member.leave(politely: !vanishes)
            }
            if come < count, now >= next {
                come += 1
                here.append(try Member(come, context))
            }
        }
        report.seconds = Double((Instant.now() - begun).nanoseconds) / 1e9
        return report
    }

    private func note(_ member: Member, in report: inout Report) {
        report.traffic.add(member.traffic)
        if let connected = member.connected {
            report.joining.append((connected - member.begun).milliseconds)
        } else {
            report.problems.append("native \(member.number) got no connection")
        }
        if let problem = member.problem { report.problems.append("native \(member.number): \(problem)") }
    }
}
