/// What somebody wants of people who take turns with control of the desk.
package enum TurnCommand: Hashable, Sendable {
    /// People take turns from now on, or in another order.
    ///
    /// - Parameter seconds: For each turn; `nil`: without an end.
    case begin([UInt64], seconds: Int?)
    case end
    /// The present turn is over.
    case pass
    /// Turns go on after a pause.
    case resume
}

extension MessageFields {
    /// What a message about turns says.
    var turns: TurnCommand {
        get throws(BadMessage) {
            switch action {
            case "begin":
                guard let people, people.count <= Self.mostTurns else {
                    throw BadMessage(step: type, "“people” is missing, or has more than \(Self.mostTurns)")
                }
                if let seconds, !(5...86_400).contains(seconds) {
                    throw BadMessage(step: type, "“seconds” is not 5 to 86,400")
                }
                return .begin(people, seconds: seconds)
            case "end": return .end
            case "pass": return .pass
            case "resume": return .resume
            default:
                throw BadMessage(step: type, "“action” is not “begin”, “pass”, “resume” or “end”")
            }
        }
    }

    private static let mostTurns = 512
}
