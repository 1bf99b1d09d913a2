/// That a program of the desk has ended, and is started again.
package struct ProgramRestart: Hashable, Sendable {
    package var name: String
    /// What whoever runs the room should do something about; `nil`: nothing.
    package var problem: String?

    package init(of name: String, problem: String? = nil) {
        self.name = name
        self.problem = problem
    }
}
