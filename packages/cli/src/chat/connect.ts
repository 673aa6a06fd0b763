export { connect, type ServerConnection } from '../server-connection/connect.js'
