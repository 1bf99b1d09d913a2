package import Access
package import RemoteControl

extension ControlRights {
    /// What somebody with these rights may do to the desk once they are in control.
    package init(_ rights: Rights) {
        self = []
        if rights.contains(.pointer) { insert(.pointer) }
        if rights.contains(.keyboard) { insert(.keyboard) }
    }
}
