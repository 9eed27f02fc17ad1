/** The main process: a table of contents of what happens when the application starts. */
import { app } from 'electron';
import { answerPage } from './answer-page.ts';
import { lockDown } from './lock-down.ts';
import { installMenu } from './menu.ts';
import { PowerSaver } from './power-saver.ts';
import { registerAppScheme, serveApp } from './protocol.ts';
import { quitWithService } from './quit.ts';
import { reportCrashes } from './report-crashes.ts';
import { ServiceProcess } from './service-process.ts';
import { takeSingleInstance } from './single-instance.ts';
import { followTheme } from './theme.ts';
import { MainWindow } from './window.ts';

app.setName('D-Pruner Desktop');
if (takeSingleInstance()) {
  const window = new MainWindow();
  const service = new ServiceProcess();
  reportCrashes();
  registerAppScheme();
  lockDown();
  answerPage(service, window);
  followTheme(service);
  new PowerSaver(service);
  quitWithService(service, window);
  service.start();
  void app.whenReady().then(() => {
    serveApp();
    installMenu(window);
    window.open();
  });
}
