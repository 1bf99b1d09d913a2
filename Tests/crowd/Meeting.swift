internal import Foundation
internal import IO
internal import Participant
internal import Wire

/// Everybody comes and stays.
struct Meeting {
    private let context: Member.Context
    private var settings: Settings { context.settings }

    init(_ context: Member.Context) { self.context = context }

    /// The last report; `nil` if it was printed when it was asked for.
    func run() throws -> Report? {
        var members: [Member] = []
        for number in 1...max(1, settings.people) {
            members.append(try Member(number, context))
            try wait(for: members)
        }
        say("crowd: \(members.count) people are in")
        let report = settings.seconds.map { seconds in
            // Until estimators and allocators have settled.
            run(members, .seconds(3))
            let measurement = Measurement(members, now: .now())
            run(members, .seconds(seconds))
            return measurement.report(members, now: .now())
        }
        if report == nil { obey(members) }
        for member in members { member.leave(politely: true) }
        return report
    }

    private func wait(for members: [Member]) throws {
        let isIn = context.loop.run(limit: .seconds(20)) {
            let now = Instant.now()
            members.step(settings, now: now)
            return members.allSatisfy { $0.connected != nil || $0.problem != nil }
        }
        if let member = members.first(where: { $0.problem != nil }) {
            throw CrowdError("native \(member.number): \(member.problem ?? "")")
        }
        guard isIn else { throw CrowdError("native \(members.count) gets no connection") }
    }

    private func run(_ members: [Member], _ length: Interval) {
        context.loop.run(limit: length) {
            members.step(settings, now: .now())
            return false
        }
    }

    private func obey(_ members: [Member]) {
        let commands = Commands()
        context.loop.add(commands)
        var measurement = Measurement(members, now: .now())
        while !commands.isOver {
            context.loop.run(limit: .seconds(3_600)) {
                members.step(settings, now: .now())
                while let command = commands.next() {
                    switch command {
                    case "measure": measurement = Measurement(members, now: .now())
                    case "report":
                        let report = measurement.report(members, now: .now())
                        say(settings.writesJSON ? report.json : report.table)
                    case "draw", "rest": for member in members { member.setDriving(command == "draw") }
                    default: say("crowd: what is “\(command)”?")
                    }
                }
                return commands.isOver
            }
        }
    }
}

extension [Member] {
    /// Lets everybody act, and some of them talk, three seconds each turn.
    func step(_ settings: Settings, now: Instant) {
        let turn = Int(now.nanoseconds / 3_000_000_000)
        for (index, member) in enumerated() {
            member.setSpeaking((index + count - turn % count) % count < settings.speakers)
            member.step(now: now)
        }
    }
}
